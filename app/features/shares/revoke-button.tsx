import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import * as messages from '@/lib/generated/messages/shares'

/** Revokes a link after a confirmation. */
export function RevokeButton({ onRevoke }: { onRevoke(): void }) {
  const [isRevoking, setRevoking] = useState(false)
  return (
    <>
      <Button variant="ghost" size="sm" onClick={() => setRevoking(true)}>
        <Trash2 className="size-4" aria-hidden /> {messages.revoke()}
      </Button>
      <ConfirmDialog
        title={messages.revokeTitle()}
        description={messages.revokeHint()}
        confirmLabel={messages.revokeLink()}
        isOpen={isRevoking}
        onOpenChange={setRevoking}
        onConfirm={onRevoke}
      />
    </>
  )
}
