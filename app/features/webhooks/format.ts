import type { WebhookDeliveryDto, WebhookDto } from '@/lib/webhooks/schema'
import * as messages from '@/lib/generated/messages/webhooks'

/** The label of each event, in the form and in summaries. */
export const eventLabels = {
  'task.done': messages.done,
  'task.failed': messages.failed,
  'task.canceled': messages.canceled,
} as const

export const deliveryStateLabels = {
  waiting: messages.waiting,
  delivered: messages.delivered,
  failed: messages.failed,
  skipped: messages.skipped,
} as const satisfies Record<WebhookDeliveryDto['state'], () => string>

/** Name and label of each task kind. */
export type KindLabels = readonly (readonly [string, string])[]

/** "Done, Failed · Transcoding": the outcomes and kinds that a webhook receives. */
export function describeSubscription(
  { events, kinds }: Pick<WebhookDto, 'events' | 'kinds'>,
  kindLabels: KindLabels,
) {
  const outcomes = events.map((event) => eventLabels[event as keyof typeof eventLabels]?.() ?? event)
  const labels = kinds.map((kind) => kindLabels.find(([name]) => name === kind)?.[1] ?? kind)
  return `${outcomes.join(', ') || messages.allOutcomes()} · ${labels.join(', ') || messages.allTasks()}`
}

/** "12 ms", "1.4 s". */
export const formatLatency = (ms: number) =>
  ms < 1000 ? messages.latencyMs({ ms: String(ms) }) : messages.latencySeconds({ seconds: ms / 1000 })
