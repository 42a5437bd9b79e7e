'use client'

import { BackLink } from '@/app/ui/back-link'
import { Link } from '@/app/ui/link'
import { useState } from 'react'
import { Section } from '@/app/ui/section'
import { sendApiRequest } from '@/app/ui/api-request'
import { Warning } from '@/app/ui/warning'
import * as messages from '@/lib/generated/messages/webhooks'
import { SigningSecret } from './signing-secret'
import { type WebhookInput, WebhookForm } from './webhook-form'
import { WebhookStatusIcon } from './webhook-status-icon'
import { describeSubscription, type KindLabels } from './format'
import type { WebhookDto, WebhookWithSecret } from '@/lib/webhooks/schema'

interface Props {
  initial: WebhookDto[]
  kinds: KindLabels
  /** Why the user may not use webhooks; null if allowed. */
  problem: string | null
}

/** The webhooks of a user and a form to add one. */
export function WebhookList({ initial, kinds, problem }: Props) {
  const [webhooks, setWebhooks] = useState(initial)
  const [secret, setSecret] = useState<string | null>(null)
  const add = (body: WebhookInput) =>
    sendApiRequest<WebhookWithSecret>({ url: '/api/v1/webhooks', method: 'POST', body }, (created) => {
      setWebhooks((before) => [...before, created])
      setSecret(created.secret)
    })
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <div>
        <BackLink href="/account">{messages.account()}</BackLink>
        <h1 className="text-2xl font-semibold">{messages.webhooks()}</h1>
        <p className="text-muted-foreground">{messages.hint()}</p>
      </div>
      {secret && <SigningSecret secret={secret} />}
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
                    {describeSubscription(webhook, kinds)}
                  </span>
                </span>
                <WebhookStatusIcon webhook={webhook} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {problem && <Warning title={messages.noEvents()}>{problem}</Warning>}
      {!problem && (
        <Section title={webhooks.length > 0 ? messages.addAnother() : messages.addFirst()}>
          <WebhookForm kinds={kinds} submitLabel={messages.add()} onSubmit={add} />
        </Section>
      )}
    </div>
  )
}
