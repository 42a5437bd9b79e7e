'use client'

import { Button } from '@/app/ui/button'
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

/** Where it goes, whether it gets through and why not, and what can be done. */
export function WebhookHeader({
  webhook,
  kinds,
  onTest,
  onToggle: onTurn,
  onEdit,
  onRotate,
  onDelete,
}: Props) {
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
          <span className="font-medium">It was turned off.</span> {disabledReason} Turn it on when it is
          mended.
        </p>
      )}
      {isEnabled && failingSince && (
        <p role="status" className="rounded-xl border border-warning/60 bg-card px-4 py-3">
          <span className="font-medium">Nothing gets through</span> since <RelativeTime at={failingSince} />.
          It is tried on, and turned off after three days.
        </p>
      )}
      {formerSecretUntil && (
        <p className="text-sm text-muted-foreground">
          The secret before signs as well until{' '}
          <time dateTime={formerSecretUntil} suppressHydrationWarning>
            {new Date(formerSecretUntil).toLocaleString()}
          </time>
          .
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="default" onClick={onTest}>
          Send a test
        </Button>
        <Button onClick={onTurn}>{isEnabled ? 'Turn off' : 'Turn on'}</Button>
        <Button onClick={onEdit}>Change</Button>
        <Button onClick={onRotate}>New secret</Button>
        <DeleteWebhookDialog onDelete={onDelete} />
      </div>
    </header>
  )
}
