'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { BackLink } from '@/app/ui/back-link'
import { LoadMore } from '@/app/ui/load-more'
import { Section } from '@/app/ui/section'
import { Button } from '@/app/ui/button'
import { sendApiRequest } from '@/app/ui/api-request'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/webhooks'
import { DeliveryRow } from './delivery-row'
import { SigningSecret } from './signing-secret'
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

/** One webhook: its state, actions, and delivery log. */
export function WebhookPage({ initial, initialDeliveries, kinds }: Props) {
  const [webhook, setWebhook] = useState(initial)
  const [secret, setSecret] = useState<string | null>(null)
  const [isEditing, setEditing] = useState(false)
  const { deliveries, refresh, pages } = useDeliveries(webhook.id, initialDeliveries)
  const router = useRouter()
  const url = `/api/v1/webhooks/${webhook.id}`
  const update = (body: object) => sendApiRequest<WebhookDto>({ url, method: 'PATCH', body }, setWebhook)
  const post = (target: string) => void sendApiRequest({ url: target, method: 'POST' }, () => void refresh())
  const rotateSecret = () =>
    void sendApiRequest<WebhookWithSecret>({ url: `${url}/secret`, method: 'POST' }, (rotated) => {
      setWebhook(rotated)
      setSecret(rotated.secret)
    })
  const deleteWebhook = () =>
    void sendApiRequest({ url, method: 'DELETE' }, () => router.push('/account/webhooks'))
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <div>
        <BackLink href="/account/webhooks">{messages.webhooks()}</BackLink>
        <WebhookHeader
          webhook={webhook}
          kinds={kinds}
          onTest={() => post(`${url}/test`)}
          onToggle={() => void update({ isEnabled: !webhook.isEnabled })}
          onEdit={() => setEditing(!isEditing)}
          onRotate={rotateSecret}
          onDelete={deleteWebhook}
        />
      </div>
      {secret && <SigningSecret secret={secret} />}
      {isEditing && (
        <WebhookForm
          kinds={kinds}
          initial={webhook}
          submitLabel={commonMessages.save()}
          onSubmit={async ({ url, events, kinds }) => {
            const isSaved = await update({ url, events, kinds })
            setEditing(!isSaved)
            return isSaved
          }}
        >
          <Button onClick={() => setEditing(false)}>{commonMessages.cancel()}</Button>
        </WebhookForm>
      )}
      <Section title={messages.deliveries()}>
        {deliveries.length === 0 && (
          <p className="rounded-xl border border-dashed px-4 py-8 text-center text-muted-foreground">
            {messages.noDeliveries()}
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
