import type { PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Task, WebhookEndpoint } from '../generated/prisma/client'
import { enqueueTask } from '../tasks/enqueue'
import { TEST_EVENT, type WebhookDeliveryDto } from './schema'
import { findEndpoint } from './endpoints'
import { deliverWebhookTask } from './tasks'

interface WebhookEvent {
  endpoint: WebhookEndpoint
  type: string
  at: Date
  data: object
}

/** Writes one event for one endpoint, and the task that delivers it, in `tx`. */
export async function createDelivery(tx: Tx, boss: PgBoss, { endpoint, type, at, data }: WebhookEvent) {
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const { id } = await tx.webhookDelivery.create({ data: { endpointId: endpoint.id, type, body } })
  await enqueueDelivery(tx, boss, { ownerId: endpoint.ownerId, deliveryId: id })
  return id
}

const enqueueDelivery = (tx: Tx, boss: PgBoss, of: { ownerId: string; deliveryId: string }) =>
  enqueueTask(tx, boss, {
    kind: deliverWebhookTask,
    ownerId: of.ownerId,
    payload: { deliveryId: of.deliveryId },
  })

/** Sends one event that says nothing but that it is a test. @throws {AppError} webhook.not_found */
export async function sendTestEvent(given: { db: Db; boss: PgBoss }, of: { id: string; ownerId: string }) {
  const endpoint = await findEndpoint(given.db, of)
  const data = { message: 'This is a test. You asked for it in Meanwhile.' }
  const id = await given.db.$transaction((tx) =>
    createDelivery(tx, given.boss, { endpoint, type: TEST_EVENT, at: new Date(), data }),
  )
  return getDelivery(given.db, id)
}

/**
 * Delivers again what was delivered or given up, under the same webhook-id.
 * @throws {AppError} delivery.not_found, webhook.disabled, or delivery.waiting while it is in line anyway.
 */
export async function replayDelivery(
  { db, boss }: { db: Db; boss: PgBoss },
  of: { id: string; ownerId: string },
) {
  const found = await db.webhookDelivery.findFirst({
    where: { id: of.id, endpoint: { ownerId: of.ownerId } },
    include: { endpoint: true },
  })
  if (!found) throw notFound('delivery')
  if (!found.endpoint.isEnabled) throw conflictError('webhook.disabled', 'Turn this webhook on first.')
  await db.$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id: of.id, state: { not: 'waiting' } },
      data: { state: 'waiting', attempts: 0, nextAttemptAt: null },
    })
    if (count === 0) throw conflictError('delivery.waiting', 'It is in line already.')
    await enqueueDelivery(tx, boss, { ownerId: of.ownerId, deliveryId: of.id })
  })
  return getDelivery(db, of.id)
}

/** A delivery waits no more when its task ended otherwise: it was canceled, or its workers died. */
export async function settleFailedDelivery(tx: Tx, task: Task) {
  const { deliveryId } = deliverWebhookTask.payload.parse(task.payload)
  await tx.webhookDelivery.updateMany({
    where: { id: deliveryId, state: 'waiting' },
    data: { state: 'failed', nextAttemptAt: null },
  })
}

const conflictError = (code: string, message: string) => new AppError({ code, message, status: 409 })

export const deliveryListSchema = z.object({
  cursor: z.uuid().optional().describe('The nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})

/** Newest first, 25 at a time if not said otherwise. @throws {AppError} webhook.not_found */
export async function listDeliveries(
  db: Db,
  options: { id: string; ownerId: string } & z.infer<typeof deliveryListSchema>,
) {
  await findEndpoint(db, options)
  const limit = options.limit ?? 25
  const rows = await db.webhookDelivery.findMany({
    where: { endpointId: options.id, id: options.cursor && { lt: options.cursor } },
    orderBy: { id: 'desc' },
    take: limit + 1,
    include: includeLog,
  })
  const page = rows.slice(0, limit)
  return {
    deliveries: page.map(toDeliveryDto),
    nextCursor: rows.length > limit ? page.at(-1)!.id : null,
  }
}

const includeLog = { log: { orderBy: { id: 'desc' }, take: 12 } } as const

const findDeliveryWithLog = (db: Db, id: string) =>
  db.webhookDelivery.findUniqueOrThrow({ where: { id }, include: includeLog })

const getDelivery = async (db: Db, id: string) => toDeliveryDto(await findDeliveryWithLog(db, id))

const toDeliveryDto = (row: Awaited<ReturnType<typeof findDeliveryWithLog>>): WebhookDeliveryDto => ({
  id: row.id,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  body: row.body,
  log: row.log.map(({ at, status, latencyMs, error, responseHead }) => ({
    at: at.toISOString(),
    status,
    latencyMs,
    error,
    responseHead,
  })),
})

const RETENTION_DAYS = 30

/** The log of deliveries is kept for 30 days. It tells all that their finished tasks do, which are kept for one. */
export async function pruneDeliveries({ db }: { db: Db }) {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000)
  const queue = deliverWebhookTask.name
  await db.task.deleteMany({ where: { queue, state: 'done', queuedAt: { lt: daysAgo(1) } } })
  const { count } = await db.webhookDelivery.deleteMany({
    where: { createdAt: { lt: daysAgo(RETENTION_DAYS) }, state: { not: 'waiting' } },
  })
  return count
}
