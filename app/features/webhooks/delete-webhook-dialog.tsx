'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'

export function DeleteWebhookDialog({ onDelete }: { onDelete(): void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button variant="destructive" onClick={() => setOpen(true)}>
        Delete
      </Button>
      <ConfirmDialog
        title="Delete this webhook?"
        description="Its secret, delivery log, and pending deliveries are deleted. To pause it instead, turn it off."
        confirmLabel="Delete"
        isOpen={isOpen}
        onOpenChange={setOpen}
        onConfirm={onDelete}
      />
    </>
  )
}
