'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'

interface Props {
  count: number
  isPending: boolean
  onDismiss(reason: string): void
  onCancel(): void
}

/** Asks why dead letters are dismissed. */
export function DismissForm({ count, isPending, onDismiss, onCancel }: Props) {
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDismiss(reason)
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      <Input
        aria-label="Reason"
        placeholder="Reason"
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        className="w-60!"
      />
      <Button size="sm" variant="destructive" type="submit" disabled={isPending}>
        {count === 1 ? 'Dismiss' : `Dismiss ${count}`}
      </Button>
      <Button size="sm" variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  )
}
