'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { CheckboxGroup } from '@/app/ui/checkbox-group'
import { eventLabels, type KindLabels } from './format'

export interface WebhookInput {
  url: string
  events: string[]
  kinds: string[]
}

interface Props {
  kinds: KindLabels
  initial?: WebhookInput
  submitLabel: string
  /** @returns whether it was taken */
  onSubmit(asked: WebhookInput): Promise<boolean>
  children?: ReactNode
}

/** Where to send, and what of. */
export function WebhookForm({ kinds, initial: first, submitLabel: submit, onSubmit, children }: Props) {
  const none = { url: '', events: [], kinds: [] }
  const [asked, setAsked] = useState<WebhookInput>(first ?? none)
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
      <CheckboxGroup
        legend="When work is"
        options={Object.entries(eventLabels)}
        chosen={asked.events}
        onChange={(events) => setAsked({ ...asked, events })}
      />
      <CheckboxGroup
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
