'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { Choice } from './choice'
import { eventNames, type KindNames } from './webhook-words'

export interface WebhookAsked {
  url: string
  events: string[]
  kinds: string[]
}

interface Given {
  kinds: KindNames
  first?: WebhookAsked
  submit: string
  /** @returns whether it was taken */
  onSubmit(asked: WebhookAsked): Promise<boolean>
  children?: ReactNode
}

/** Where to send, and what of. */
export function WebhookForm({ kinds, first, submit, onSubmit, children }: Given) {
  const none = { url: '', events: [], kinds: [] }
  const [asked, setAsked] = useState<WebhookAsked>(first ?? none)
  const [isSending, setSending] = useState(false)
  async function send() {
    setSending(true)
    const isTaken = await onSubmit(asked)
    setSending(false)
    if (isTaken && !first) setAsked(none)
  }
  return (
    <form
      className="flex flex-col gap-4 rounded-xl border bg-card p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label htmlFor="webhook-url" className="flex flex-col gap-1.5 font-medium">
        Address
        <Input
          id="webhook-url"
          type="url"
          required
          maxLength={2000}
          placeholder="https://example.com/hooks/meanwhile"
          className="font-normal"
          value={asked.url}
          onChange={(event) => setAsked({ ...asked, url: event.target.value })}
        />
      </label>
      <Choice
        legend="When work is"
        options={Object.entries(eventNames)}
        chosen={asked.events}
        onChange={(events) => setAsked({ ...asked, events })}
      />
      <Choice
        legend="Which work"
        options={kinds}
        chosen={asked.kinds}
        onChange={(chosen) => setAsked({ ...asked, kinds: chosen })}
      />
      <div className="flex gap-2">
        <Button type="submit" variant="default" disabled={isSending}>
          {submit}
        </Button>
        {children}
      </div>
    </form>
  )
}
