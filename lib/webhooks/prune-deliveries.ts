import type { Db } from '../database/db'
import { deliverWebhookTask } from './tasks'

const DELIVERY_RETENTION_DAYS = 30
/** Shorter, because the delivery repeats what its completed task contains. */
const TASK_RETENTION_DAYS = 1

/** Deletes old deliveries and completed delivery tasks. Resolves to the number of deliveries. */
export async function pruneDeliveries({ db }: { db: Db }) {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000)
  const queue = deliverWebhookTask.name
  await db.task.deleteMany({
    where: { queue, state: 'done', queuedAt: { lt: daysAgo(TASK_RETENTION_DAYS) } },
  })
  const { count } = await db.webhookDelivery.deleteMany({
    where: { createdAt: { lt: daysAgo(DELIVERY_RETENTION_DAYS) }, state: { not: 'waiting' } },
  })
  return count
}
