import type { WebhookDto } from '@/lib/webhooks/schema'

/** Whether deliveries get through: said, not only coloured. */
export function WebhookStatusIcon({ webhook }: { webhook: WebhookDto }) {
  const [colour, words] = !webhook.isEnabled
    ? (['bg-muted-foreground', webhook.disabledReason ? 'Turned off' : 'Off'] as const)
    : webhook.failingSince
      ? (['bg-warning', 'Failing'] as const)
      : (['bg-primary', 'On'] as const)
  return (
    <span className="flex shrink-0 items-center gap-2 text-sm text-muted-foreground">
      <span className={`size-2 rounded-full ${colour}`} aria-hidden />
      {words}
    </span>
  )
}
