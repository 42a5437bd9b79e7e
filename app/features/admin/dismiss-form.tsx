'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/admin'

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
        aria-label={messages.reason()}
        placeholder={messages.reason()}
        required
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        className="w-60!"
      />
      <Button size="sm" variant="destructive" type="submit" disabled={isPending}>
        {messages.dismiss({ count })}
      </Button>
      <Button size="sm" variant="ghost" onClick={onCancel}>
        {commonMessages.cancel()}
      </Button>
    </form>
  )
}
