'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { CheckboxGroup } from '@/app/ui/checkbox-group'
import * as messages from '@/lib/generated/messages/webhooks'
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
  /** @returns whether the input was accepted */
  onSubmit(input: WebhookInput): Promise<boolean>
  children?: ReactNode
}

const EMPTY_INPUT: WebhookInput = { url: '', events: [], kinds: [] }

/** The URL of a webhook and the tasks it is sent for. */
export function WebhookForm({ kinds, initial, submitLabel, onSubmit, children }: Props) {
  const [input, setInput] = useState(initial ?? EMPTY_INPUT)
  const [isSubmitting, setSubmitting] = useState(false)
  async function submit() {
    setSubmitting(true)
    const isAccepted = await onSubmit(input)
    setSubmitting(false)
    if (isAccepted && !initial) setInput(EMPTY_INPUT)
  }
  return (
    <form
      className="flex flex-col gap-4 rounded-xl border bg-card p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <label htmlFor="webhook-url" className="flex flex-col gap-1.5 font-medium">
        {messages.url()}
        <Input
          id="webhook-url"
          type="url"
          required
          maxLength={2000}
          placeholder="https://example.com/hooks/meanwhile"
          className="font-normal"
          value={input.url}
          onChange={(event) => setInput({ ...input, url: event.target.value })}
        />
      </label>
      <CheckboxGroup
        legend={messages.outcomes()}
        options={Object.entries(eventLabels).map(([event, label]) => [event, label()] as const)}
        selected={input.events}
        onChange={(events) => setInput({ ...input, events })}
      />
      <CheckboxGroup
        legend={messages.tasks()}
        options={kinds}
        selected={input.kinds}
        onChange={(selected) => setInput({ ...input, kinds: selected })}
      />
      <div className="flex gap-2">
        <Button type="submit" variant="default" disabled={isSubmitting}>
          {submitLabel}
        </Button>
        {children}
      </div>
    </form>
  )
}
