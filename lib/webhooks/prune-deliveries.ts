import { databaseTimeMs } from '../cluster/database-clock'
import { DAY_MS } from '../durations'
import type { Db } from '../database/db'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Prisma } from '../generated/prisma/client'
import { deliverWebhookTask } from './tasks'

const DELIVERY_RETENTION_DAYS = 30
/** Shorter, because the delivery contains the result of its task. */
const TASK_RETENTION_DAYS = 1

/** Settled deliveries kept per endpoint. */
const MAX_SETTLED_DELIVERIES = 5_000

/** Deletes old and excess deliveries and completed delivery tasks. Returns the number of deliveries. */
export async function pruneDeliveries({ db }: { db: Db }) {
  const daysAgo = (days: number) => new Date(databaseTimeMs() - days * DAY_MS)
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
  const old = await deleteInBatches((limit) => db.webhookDelivery.deleteMany({ where: settled, limit }))
  return old + (await deleteInBatches((limit) => deleteExcessDeliveries(db, limit)))
}

const deleteExcessDeliveries = async (db: Db, limit: number) => ({
  count: await db.$executeRaw`
    DELETE FROM webhook_delivery WHERE id IN (
      SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY "endpointId" ORDER BY id DESC) AS place
        FROM webhook_delivery WHERE state <> 'waiting') ranked
      WHERE place > ${MAX_SETTLED_DELIVERIES} LIMIT ${limit})`,
})
