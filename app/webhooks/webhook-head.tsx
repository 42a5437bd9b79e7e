'use client'

import { Button } from '@/app/components/ui/button'
import { When } from '@/app/components/when'
import type { WebhookDto } from '@/lib/webhooks/contract'
import { DeleteWebhook } from './delete-webhook'
import { WebhookMark } from './webhook-mark'
import { asksText, type KindNames } from './webhook-words'

interface Given {
  webhook: WebhookDto
  kinds: KindNames
  onTest(): void
  onTurn(): void
  onEdit(): void
  onRotate(): void
  onDelete(): void
}

/** Where it goes, whether it gets through and why not, and what can be done. */
export function WebhookHead({ webhook, kinds, onTest, onTurn, onEdit, onRotate, onDelete }: Given) {
  const { disabledReason, failingSince, formerSecretUntil, isEnabled } = webhook
  return (
    <header className="flex flex-col gap-3">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold break-all">{webhook.url}</h1>
          <p className="text-muted-foreground">{asksText(webhook, kinds)}</p>
        </div>
        <WebhookMark webhook={webhook} />
      </div>
      {disabledReason && (
        <p role="status" className="rounded-xl border border-destructive/50 bg-card px-4 py-3">
          <span className="font-medium">It was turned off.</span> {disabledReason} Turn it on when it is
          mended.
        </p>
      )}
      {isEnabled && failingSince && (
        <p role="status" className="rounded-xl border border-warning/60 bg-card px-4 py-3">
          <span className="font-medium">Nothing gets through</span> since <When at={failingSince} />. It is
          tried on, and turned off after three days.
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
        <DeleteWebhook onDelete={onDelete} />
      </div>
    </header>
  )
}
