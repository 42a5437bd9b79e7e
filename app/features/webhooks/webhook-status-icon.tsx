import type { WebhookDto } from '@/lib/webhooks/schema'
import * as messages from '@/lib/generated/messages/webhooks'

/** Whether a webhook is on and its deliveries succeed, as a color with a label. */
export function WebhookStatusIcon({ webhook }: { webhook: WebhookDto }) {
  const [color, label] = !webhook.isEnabled
    ? (['bg-muted-foreground', webhook.disabledReason ? messages.turnedOff() : messages.off()] as const)
    : webhook.failingSince
      ? (['bg-warning', messages.failing()] as const)
      : (['bg-primary', messages.on()] as const)
  return (
    <span className="flex shrink-0 items-center gap-2 text-sm text-muted-foreground">
      <span className={`size-2 rounded-full ${color}`} aria-hidden />
      {label}
    </span>
  )
}
