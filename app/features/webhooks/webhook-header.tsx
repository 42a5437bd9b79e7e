'use client'

import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import { RelativeTime } from '@/app/ui/relative-time'
import type { WebhookDto } from '@/lib/webhooks/schema'
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
          <span className="font-medium">This webhook was turned off.</span> {disabledReason} Fix the endpoint,
          then turn it on again.
        </p>
      )}
      {isEnabled && failingSince && (
        <p role="status" className="rounded-xl border border-warning/60 bg-card px-4 py-3">
          <span className="font-medium">Deliveries are failing</span> since <RelativeTime at={failingSince} />
          . They are retried for three days, then the webhook is turned off.
        </p>
      )}
      {formerSecretUntil && (
        <p className="text-sm text-muted-foreground">
          The previous secret also signs deliveries until <DateTime at={formerSecretUntil} />.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="default" onClick={onTest}>
          Send test event
        </Button>
        <Button onClick={onToggle}>{isEnabled ? 'Turn off' : 'Turn on'}</Button>
        <Button onClick={onEdit}>Edit</Button>
        <Button onClick={onRotate}>Rotate secret</Button>
        <DeleteWebhookDialog onDelete={onDelete} />
      </div>
    </header>
  )
}
