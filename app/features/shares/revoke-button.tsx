import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'

/** Revokes a link after a confirmation. */
export function RevokeButton({ onRevoke }: { onRevoke(): void }) {
  const [isRevoking, setRevoking] = useState(false)
  return (
    <>
      <Button variant="ghost" size="sm" onClick={() => setRevoking(true)}>
        <Trash2 className="size-4" aria-hidden /> Revoke
      </Button>
      <ConfirmDialog
        title="Revoke this link?"
        description="Its viewers lose access at once. This can’t be undone; you can create another link."
        confirmLabel="Revoke link"
        isOpen={isRevoking}
        onOpenChange={setRevoking}
        onConfirm={onRevoke}
      />
    </>
  )
}
