'use client'

import { Link } from '@/app/ui/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { LoadMore } from '@/app/ui/load-more'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { sendApiRequest } from '@/app/ui/api-request'
import { DeliveryRow } from './delivery-row'
import { OneTimeSecret } from './one-time-secret'
import { type DeliveryPage, useDeliveries } from './use-deliveries'
import { WebhookForm } from './webhook-form'
import { WebhookHeader } from './webhook-header'
import type { KindLabels } from './format'
import type { WebhookDto, WebhookWithSecret } from '@/lib/webhooks/schema'

interface Props {
  initial: WebhookDto
  initialDeliveries: DeliveryPage
  kinds: KindLabels
}

/** One webhook: whether it gets through, what was sent, and what can be done about it. */
export function WebhookPage({ initial: first, initialDeliveries: log, kinds }: Props) {
  const [webhook, setWebhook] = useState(first)
  const [secret, setSecret] = useState<string | null>(null)
  const [isEditing, setEditing] = useState(false)
  const { deliveries, refresh, pages } = useDeliveries(webhook.id, log)
  const router = useRouter()
  const url = `/api/v1/webhooks/${webhook.id}`
  const change = (body: object) => sendApiRequest<WebhookDto>({ url, method: 'PATCH', body }, setWebhook)
  const post = (to: string) => void sendApiRequest({ url: to, method: 'POST' }, () => void refresh())
  const rotate = () =>
    void sendApiRequest<WebhookWithSecret>({ url: `${url}/secret`, method: 'POST' }, (now) => {
      setWebhook(now)
      setSecret(now.secret)
    })
  const remove = () => void sendApiRequest({ url, method: 'DELETE' }, () => router.push('/account/webhooks'))
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <Link href="/account/webhooks" className="text-sm text-muted-foreground hover:underline">
        ← Webhooks
      </Link>
      <WebhookHeader
        webhook={webhook}
        kinds={kinds}
        onTest={() => post(`${url}/test`)}
        onToggle={() => void change({ isEnabled: !webhook.isEnabled })}
        onEdit={() => setEditing(!isEditing)}
        onRotate={rotate}
        onDelete={remove}
      />
      {secret && <OneTimeSecret secret={secret} />}
      {isEditing && (
        <WebhookForm
          kinds={kinds}
          initial={webhook}
          submitLabel="Save"
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
        <LoadMore {...pages} />
      </Section>
    </div>
  )
}
