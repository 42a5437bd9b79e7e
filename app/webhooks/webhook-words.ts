import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/contract'

/** The one wording of what is told. */
export const eventNames = {
  'task.done': 'Done',
  'task.failed': 'Failed',
  'task.canceled': 'Canceled',
} as const

export const deliveryStates = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  failed: 'Failed',
  skipped: 'Not sent',
} as const satisfies Record<WebhookDeliveryDto['state'], string>

/** Name and wording of every kind of work. */
export type KindNames = readonly (readonly [string, string])[]

/** What a webhook is told of, in a few words. */
export function asksText({ events, kinds }: Pick<WebhookDto, 'events' | 'kinds'>, named: KindNames) {
  const told = events.map((event) => eventNames[event as keyof typeof eventNames] ?? event)
  const labels = kinds.map((kind) => named.find(([name]) => name === kind)?.[1] ?? kind)
  return `${told.join(', ') || 'Every end'} of ${labels.length > 0 ? labels.join(', ') : 'all work'}`
}

/** "12 ms", "1.4 s". */
export const latencyText = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)
