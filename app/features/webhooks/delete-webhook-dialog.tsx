'use client'

import { Dialog } from 'radix-ui'
import { Button } from '@/app/ui/button'

/** Asks first: secret and log cannot be brought back. */
export function DeleteWebhookDialog({ onDelete }: { onDelete(): void }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger asChild>
        <Button variant="destructive">Delete</Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content className="fixed top-[20vh] left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 rounded-xl border bg-card p-6 shadow-2xl">
          <Dialog.Title className="text-xl font-semibold">Delete this webhook?</Dialog.Title>
          <Dialog.Description className="mt-1 text-muted-foreground">
            Its secret, its log and what waits to be sent are removed. To have it rest, turn it off instead.
          </Dialog.Description>
          <div className="mt-4 flex justify-end gap-2">
            <Dialog.Close asChild>
              <Button>Keep it</Button>
            </Dialog.Close>
            <Dialog.Close asChild>
              <Button variant="destructive" onClick={onDelete}>
                Delete
              </Button>
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
