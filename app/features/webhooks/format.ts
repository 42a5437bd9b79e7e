import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/schema'

/** The one wording of what is told. */
export const eventLabels = {
  'task.done': 'Done',
  'task.failed': 'Failed',
  'task.canceled': 'Canceled',
} as const

export const deliveryStateLabels = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  failed: 'Failed',
  skipped: 'Not sent',
} as const satisfies Record<WebhookDeliveryDto['state'], string>

/** Name and wording of every kind of work. */
export type KindLabels = readonly (readonly [string, string])[]

/** What a webhook is told of, in a few words. */
export function describeSubscription(
  { events, kinds }: Pick<WebhookDto, 'events' | 'kinds'>,
  named: KindLabels,
) {
  const told = events.map((event) => eventLabels[event as keyof typeof eventLabels] ?? event)
  const labels = kinds.map((kind) => named.find(([name]) => name === kind)?.[1] ?? kind)
  return `${told.join(', ') || 'Every end'} of ${labels.length > 0 ? labels.join(', ') : 'all work'}`
}

/** "12 ms", "1.4 s". */
export const formatLatency = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)
