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

/** What a webhook is told of, in a few words. */
export function asksText({ events, kinds }: Pick<WebhookDto, 'events' | 'kinds'>) {
  const told = events.map((event) => eventNames[event as keyof typeof eventNames] ?? event)
  const ends = told.length === 0 ? 'Every end' : told.join(', ')
  return kinds.length === 0 ? `${ends} · all work` : `${ends} · ${kinds.join(', ')}`
}

/** "12 ms", "1.4 s". */
export const latencyText = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)
