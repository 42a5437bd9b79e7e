'use client'

import { Link } from '@/app/components/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { More } from '@/app/components/more'
import { Section } from '@/app/components/section'
import { Button } from '@/app/components/ui/button'
import { ask } from '@/app/machines/ask-machine'
import { DeliveryRow } from '@/app/webhooks/delivery-row'
import { SecretNote } from '@/app/webhooks/secret-note'
import { type DeliveryPage, useDeliveries } from '@/app/webhooks/use-deliveries'
import { WebhookForm } from '@/app/webhooks/webhook-form'
import { WebhookHead } from '@/app/webhooks/webhook-head'
import type { KindNames } from '@/app/webhooks/webhook-words'
import type { WebhookDto, WebhookWithSecret } from '@/lib/webhooks/contract'

interface Given {
  first: WebhookDto
  log: DeliveryPage
  kinds: KindNames
}

/** One webhook: whether it gets through, what was sent, and what can be done about it. */
export function WebhookPage({ first, log, kinds }: Given) {
  const [webhook, setWebhook] = useState(first)
  const [secret, setSecret] = useState<string | null>(null)
  const [isEditing, setEditing] = useState(false)
  const { deliveries, refresh, pages } = useDeliveries(webhook.id, log)
  const router = useRouter()
  const at = `/api/v1/webhooks/${webhook.id}`
  const change = (body: object) => ask<WebhookDto>({ at, method: 'PATCH', body }, setWebhook)
  const post = (to: string) => void ask({ at: to, method: 'POST' }, () => void refresh())
  const rotate = () =>
    void ask<WebhookWithSecret>({ at: `${at}/secret`, method: 'POST' }, (now) => {
      setWebhook(now)
      setSecret(now.secret)
    })
  const remove = () => void ask({ at, method: 'DELETE' }, () => router.push('/account/webhooks'))
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <Link href="/account/webhooks" className="text-sm text-muted-foreground hover:underline">
        ← Webhooks
      </Link>
      <WebhookHead
        webhook={webhook}
        kinds={kinds}
        onTest={() => post(`${at}/test`)}
        onTurn={() => void change({ isEnabled: !webhook.isEnabled })}
        onEdit={() => setEditing(!isEditing)}
        onRotate={rotate}
        onDelete={remove}
      />
      {secret && <SecretNote secret={secret} />}
      {isEditing && (
        <WebhookForm
          kinds={kinds}
          first={webhook}
          submit="Save"
          onSubmit={async ({ url, events, kinds: asked }) => {
            const isTaken = await change({ url, events, kinds: asked })
            setEditing(!isTaken)
            return isTaken
          }}
        >
          <Button onClick={() => setEditing(false)}>Leave as it is</Button>
        </WebhookForm>
      )}
      <Section title="Sent in the last 30 days">
        {deliveries.length === 0 && (
          <p className="rounded-xl border border-dashed px-4 py-8 text-center text-muted-foreground">
            Nothing yet. Send a test to see whether it gets through.
          </p>
        )}
        {deliveries.length > 0 && (
          <ul className="divide-y overflow-hidden rounded-xl border bg-card">
            {deliveries.map((delivery) => (
              <DeliveryRow
                key={delivery.id}
                delivery={delivery}
                canReplay={webhook.isEnabled}
                onReplay={() => post(`/api/v1/webhook-deliveries/${delivery.id}/replay`)}
              />
            ))}
          </ul>
        )}
        <More {...pages} />
      </Section>
    </div>
  )
}
