import type { Db } from '../database/db'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Prisma } from '../generated/prisma/client'
import { deliverWebhookTask } from './tasks'

const DELIVERY_RETENTION_DAYS = 30
/** Shorter, because the delivery contains the result of its task. */
const TASK_RETENTION_DAYS = 1

/** Deletes old deliveries and completed delivery tasks. Returns the number of deliveries. */
export async function pruneDeliveries({ db }: { db: Db }) {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000)
  const completedTasks = {
    queue: deliverWebhookTask.name,
    state: 'done',
    queuedAt: { lt: daysAgo(TASK_RETENTION_DAYS) },
  } satisfies Prisma.TaskWhereInput
  await deleteInBatches((limit) => db.task.deleteMany({ where: completedTasks, limit }))
  const settled = {
    createdAt: { lt: daysAgo(DELIVERY_RETENTION_DAYS) },
    state: { not: 'waiting' },
  } satisfies Prisma.WebhookDeliveryWhereInput
  return deleteInBatches((limit) => db.webhookDelivery.deleteMany({ where: settled, limit }))
}
