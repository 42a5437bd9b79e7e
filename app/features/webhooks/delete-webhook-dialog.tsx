'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/webhooks'

export function DeleteWebhookDialog({ onDelete }: { onDelete(): void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button variant="destructive" onClick={() => setOpen(true)}>
        {commonMessages.delete()}
      </Button>
      <ConfirmDialog
        title={messages.deleteTitle()}
        description={messages.deleteHint()}
        confirmLabel={commonMessages.delete()}
        isOpen={isOpen}
        onOpenChange={setOpen}
        onConfirm={onDelete}
      />
    </>
  )
}
