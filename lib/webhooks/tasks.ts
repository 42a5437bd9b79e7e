import { z } from 'zod'
import { DAY_SECONDS } from '../durations'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'

/**
 * Posts one event to one endpoint. Retries follow the schedule of the delivery (retry-schedule.ts), not queue options.
 */
export const deliverWebhookTask = defineTaskKind({
  name: 'webhook.deliver',
  label: messages.deliveringWebhook,
  payload: z.object({ deliveryId: z.uuid() }),
  isInternal: true,
  queue: { concurrency: 16, expireSeconds: 60, retentionSeconds: 14 * DAY_SECONDS },
})
