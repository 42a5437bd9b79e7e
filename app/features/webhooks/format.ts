import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/schema'

/** The label of each event, in the form and in summaries. */
export const eventLabels = {
  'task.done': 'Done',
  'task.failed': 'Failed',
  'task.canceled': 'Canceled',
} as const

export const deliveryStateLabels = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  failed: 'Failed',
  skipped: 'Skipped',
} as const satisfies Record<WebhookDeliveryDto['state'], string>

/** Name and label of each task kind. */
export type KindLabels = readonly (readonly [string, string])[]

/** "Done, Failed · Transcoding": the outcomes and kinds that a webhook receives. */
export function describeSubscription(
  { events, kinds }: Pick<WebhookDto, 'events' | 'kinds'>,
  kindLabels: KindLabels,
) {
  const outcomes = events.map((event) => eventLabels[event as keyof typeof eventLabels] ?? event)
  const labels = kinds.map((kind) => kindLabels.find(([name]) => name === kind)?.[1] ?? kind)
  return `${outcomes.join(', ') || 'All outcomes'} · ${labels.join(', ') || 'All tasks'}`
}

/** "12 ms", "1.4 s". */
export const formatLatency = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)
