'use client'

import { Link } from '@/app/components/link'
import { useState } from 'react'
import { Section } from '@/app/components/section'
import { ask } from '@/app/machines/ask-machine'
import { SecretNote } from '@/app/webhooks/secret-note'
import { type WebhookAsked, WebhookForm } from '@/app/webhooks/webhook-form'
import { WebhookMark } from '@/app/webhooks/webhook-mark'
import { asksText, type KindNames } from '@/app/webhooks/webhook-words'
import type { WebhookDto, WebhookWithSecret } from '@/lib/webhooks/contract'

interface Given {
  first: WebhookDto[]
  kinds: KindNames
}

/** The addresses that are told when work ends, and a form for another one. */
export function Webhooks({ first, kinds }: Given) {
  const [webhooks, setWebhooks] = useState(first)
  const [secret, setSecret] = useState<string | null>(null)
  const add = (body: WebhookAsked) =>
    ask<WebhookWithSecret>({ at: '/api/v1/webhooks', method: 'POST', body }, (made) => {
      setWebhooks((before) => [...before, made])
      setSecret(made.secret)
    })
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <div>
        <h1 className="text-2xl font-semibold">Webhooks</h1>
        <p className="text-muted-foreground">
          Your own server is told when work ends: one signed POST for each, sent again for three days until it
          is taken.
        </p>
      </div>
      {secret && <SecretNote secret={secret} />}
      {webhooks.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {webhooks.map((webhook) => (
            <li key={webhook.id}>
              <Link
                href={`/account/webhooks/${webhook.id}`}
                data-row={webhook.id}
                className="flex min-h-12 items-center gap-3 px-4 py-2 -outline-offset-2 hover:bg-muted"
              >
                <span className="min-w-0 grow">
                  <span className="block truncate font-medium">{webhook.url}</span>
                  <span className="block truncate text-sm text-muted-foreground">
                    {asksText(webhook, kinds)}
                  </span>
                </span>
                <WebhookMark webhook={webhook} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Section title={webhooks.length > 0 ? 'Another one' : 'Your first webhook'}>
        <WebhookForm kinds={kinds} submit="Add webhook" onSubmit={add} />
      </Section>
    </div>
  )
}
