import type { Tx } from '@/lib/database/db'
import { PermanentError, RetryLater } from '@/lib/errors'
import { toEnglish } from '@/lib/i18n/format-source'
import { TEST_EVENT } from '@/lib/webhooks/schema'
import { deliverWebhookTask } from '@/lib/webhooks/tasks'
import type { TaskHandler } from '../runtime/handler'
import { type AttemptResult, attemptDelivery, type DeliveryWithEndpoint } from './attempt-delivery'
import { recordFailure, recordSuccess } from './record-attempt'
import { retryDelayMs } from './retry-schedule'
import { serializeIfFailing } from './serialize-failing'

/**
 * Posts one event, at least once: a worker that dies before it records a success causes a second post, with the same
 * webhook-id. Attempts and delays belong to the delivery, because they span days; they spend no attempts of the task.
 */
export const deliverWebhook: TaskHandler<typeof deliverWebhookTask> = {
  kind: deliverWebhookTask,
  async run(run) {
    const { db, boss } = run.context
    const delivery = await db.webhookDelivery.findUnique({
      where: { id: run.payload.deliveryId },
      include: { endpoint: true },
    })
    // Deleted with its endpoint, or pruned.
    if (!delivery) return { result: { skipped: 'gone' } }
    const { id, endpoint } = delivery
    if (!endpoint.isEnabled && delivery.type !== TEST_EVENT) {
      const skip = (tx: Tx) => tx.webhookDelivery.update({ where: { id }, data: { state: 'skipped' } })
      return { result: { skipped: 'disabled' }, store: async (tx) => void (await skip(tx)) }
    }
    const attempt = await serializeIfFailing(db, endpoint, () => attemptDelivery(delivery, run.signal))
    if (!attempt.error)
      return {
        result: { status: attempt.status },
        store: (tx) => recordSuccess(tx, delivery, attempt),
      }
    const delayMs = nextDelayMs(delivery, attempt)
    await run.write((tx) => recordFailure(tx, boss, { delivery, attempt, delayMs }))
    const reason = toEnglish(attempt.error)
    run.log.warn({ endpointId: endpoint.id, status: attempt.status, reason }, 'webhook not delivered')
    if (delayMs !== null) throw new RetryLater(delayMs, attempt.error)
    throw new PermanentError({ code: 'webhook.not_delivered', message: attempt.error })
  },
}

/** Null if there is no further attempt. A test is attempted once, because its user is waiting for the result. */
function nextDelayMs({ type, attempts }: DeliveryWithEndpoint, { isFinal, retryAfterMs }: AttemptResult) {
  if (isFinal || type === TEST_EVENT) return null
  return retryDelayMs({ attempts: attempts + 1, retryAfterMs })
}
