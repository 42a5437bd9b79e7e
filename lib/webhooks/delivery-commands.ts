import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/webhook-errors'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import type { WebhookEndpoint } from '../generated/prisma/client'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { enqueueTask } from '../tasks/enqueue'
import { requirePermission } from '../users/permissions'
import { findEndpoint, getDelivery } from './queries'
import { TEST_EVENT } from './schema'
import { deliverWebhookTask } from './tasks'

interface Deps {
  db: Db
  boss: PgBoss
}

interface Target {
  id: string
  ownerId: string
}

interface WebhookEvent {
  endpoint: WebhookEndpoint
  type: string
  at: Date
  data: object
}

/** Creates the delivery of one event to one endpoint, and its task. Returns the id of the delivery. */
export async function createDelivery(tx: Tx, boss: PgBoss, { endpoint, type, at, data }: WebhookEvent) {
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const { id } = await tx.webhookDelivery.create({ data: { endpointId: endpoint.id, type, body } })
  await enqueueDelivery(tx, boss, { ownerId: endpoint.ownerId, deliveryId: id })
  return id
}

const enqueueDelivery = (
  tx: Tx,
  boss: PgBoss,
  { ownerId, deliveryId }: { ownerId: string; deliveryId: string },
) => enqueueTask(tx, boss, { kind: deliverWebhookTask, ownerId, payload: { deliveryId } })

/** Tests and replays together. */
const limitManualDeliveries = (db: Db, ownerId: string) =>
  spendRateLimit(db, { ownerId, action: 'webhook.send', perMinute: 30 })

/** Sends a test event to an endpoint. @throws {AppError} webhook.not_found, webhook.not_allowed, rate.limited */
export async function sendTestEvent({ db, boss }: Deps, target: Target) {
  const endpoint = await findEndpoint(db, target)
  await requirePermission(db, target.ownerId, 'canUseWebhooks')
  await limitManualDeliveries(db, target.ownerId)
  const data = { message: 'This is a test event. It was sent from the webhook settings in Meanwhile.' }
  const id = await db.$transaction((tx) =>
    createDelivery(tx, boss, { endpoint, type: TEST_EVENT, at: new Date(), data }),
  )
  return getDelivery(db, id)
}

/**
 * Queues a delivery that is not waiting again, under the same webhook-id.
 * @throws {AppError} delivery.not_found, webhook.disabled, delivery.waiting, webhook.not_allowed, rate.limited
 */
export async function replayDelivery({ db, boss }: Deps, { id, ownerId }: Target) {
  const delivery = await db.webhookDelivery.findFirst({
    where: { id, endpoint: { ownerId } },
    include: { endpoint: true },
  })
  if (!delivery) throw notFound('delivery')
  await requirePermission(db, ownerId, 'canUseWebhooks')
  if (!delivery.endpoint.isEnabled) throw conflictError('webhook.disabled', messages.enableFirst())
  await limitManualDeliveries(db, ownerId)
  await db.$transaction(async (tx) => {
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id, state: { not: 'waiting' } },
      data: { state: 'waiting', attempts: 0, nextAttemptAt: null },
    })
    if (count === 0) throw conflictError('delivery.waiting', messages.alreadyQueued())
    await enqueueDelivery(tx, boss, { ownerId, deliveryId: id })
  })
  return getDelivery(db, id)
}

const conflictError = (code: string, message: string) => new AppError({ code, message, status: 409 })
