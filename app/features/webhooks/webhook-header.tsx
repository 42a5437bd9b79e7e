'use client'

import type { ReactNode } from 'react'
import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import { RelativeTime } from '@/app/ui/relative-time'
import type { WebhookDto } from '@/lib/webhooks/schema'
import * as messages from '@/lib/generated/messages/webhooks'
import { DeleteWebhookDialog } from './delete-webhook-dialog'
import { WebhookStatusIcon } from './webhook-status-icon'
import { describeSubscription, type KindLabels } from './format'

interface Props {
  webhook: WebhookDto
  kinds: KindLabels
  onTest(): void
  onToggle(): void
  onEdit(): void
  onRotate(): void
  onDelete(): void
}

/** The URL of a webhook, whether deliveries succeed, and its actions. */
export function WebhookHeader({ webhook, kinds, onTest, onToggle, onEdit, onRotate, onDelete }: Props) {
  const { disabledReason, failingSince, formerSecretUntil, isEnabled } = webhook
  return (
    <header className="flex flex-col gap-3">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold break-all">{webhook.url}</h1>
          <p className="text-muted-foreground">{describeSubscription(webhook, kinds)}</p>
        </div>
        <WebhookStatusIcon webhook={webhook} />
      </div>
      {disabledReason && (
        <p role="status" className="rounded-xl border border-destructive/50 bg-card px-4 py-3">
          {messages.disabled({ reason: disabledReason, strong })}
        </p>
      )}
      {isEnabled && failingSince && (
        <p className="rounded-xl border border-warning/60 bg-card px-4 py-3">
          {messages.failingSince({ strong, time: () => <RelativeTime at={failingSince} /> })}
        </p>
      )}
      {formerSecretUntil && (
        <p className="text-sm text-muted-foreground">
          {messages.formerSecret({ time: () => <DateTime at={formerSecretUntil} /> })}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="default" onClick={onTest}>
          {messages.sendTest()}
        </Button>
        <Button onClick={onToggle}>{isEnabled ? messages.turnOff() : messages.turnOn()}</Button>
        <Button onClick={onEdit}>{messages.edit()}</Button>
        <Button onClick={onRotate}>{messages.rotateSecret()}</Button>
        <DeleteWebhookDialog onDelete={onDelete} />
      </div>
    </header>
  )
}

const strong = (children: ReactNode) => <span className="font-medium">{children}</span>
