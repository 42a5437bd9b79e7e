'use client'

import { Dialog } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'

interface Props {
  name: string
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  onTerminate(): void
}

/** Asks for the name of the machine: nothing brings its disk back. */
export function TerminateDialog({ name, isOpen, onOpenChange, onTerminate }: Props) {
  const [typed, setTyped] = useState('')
  const isSure = typed.trim() === name
  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isSure) return
    setTyped('')
    onOpenChange(false)
    onTerminate()
  }
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content className="fixed top-[20vh] left-1/2 z-50 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 rounded-xl border bg-card p-6 shadow-2xl">
          <Dialog.Title className="text-xl font-semibold">Terminate {name}?</Dialog.Title>
          <Dialog.Description className="mt-1 text-muted-foreground">
            The machine and its disk are removed. Nothing can bring them back.
          </Dialog.Description>
          <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
            <label htmlFor="terminate-name" className="flex flex-col gap-1.5">
              <span>
                Type <strong>{name}</strong> to go on
              </span>
              <Input
                id="terminate-name"
                autoComplete="off"
                autoCapitalize="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
            <div className="flex justify-end gap-2">
              <Dialog.Close asChild>
                <Button>Keep it</Button>
              </Dialog.Close>
              <Button type="submit" variant="destructive" disabled={!isSure}>
                Terminate
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
