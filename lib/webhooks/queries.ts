import type { z } from 'zod'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import { formatStoredMessage } from '../i18n/stored-message'
import type { WebhookEndpoint } from '../generated/prisma/client'
import type { deliveryListSchema, WebhookDeliveryDto, WebhookDto } from './schema'

interface Target {
  id: string
  ownerId: string
}

export async function listEndpoints(db: Db, ownerId: string) {
  const rows = await db.webhookEndpoint.findMany({ where: { ownerId }, orderBy: { id: 'asc' } })
  return { webhooks: rows.map(toWebhookDto) }
}

/** @throws {AppError} webhook.not_found */
export const getEndpoint = async (db: Db, target: Target) => toWebhookDto(await findEndpoint(db, target))

/** @throws {AppError} webhook.not_found, also for an endpoint of another user */
export async function findEndpoint(db: Db, { id, ownerId }: Target): Promise<WebhookEndpoint> {
  const row = await db.webhookEndpoint.findFirst({ where: { id, ownerId } })
  if (!row) throw notFound('webhook')
  return row
}

export function toWebhookDto(row: WebhookEndpoint): WebhookDto {
  const until = row.formerSecretUntil
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    kinds: row.kinds,
    isEnabled: row.isEnabled,
    disabledReason: row.disabledReason,
    failingSince: row.failingSince?.toISOString() ?? null,
    formerSecretUntil: until && until > new Date(databaseTimeMs()) ? until.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
  }
}

const DEFAULT_PAGE_SIZE = 25

/** Deliveries of an endpoint, newest first, 25 per page by default. @throws {AppError} webhook.not_found */
export async function listDeliveries(db: Db, options: Target & z.infer<typeof deliveryListSchema>) {
  await findEndpoint(db, options)
  const limit = options.limit ?? DEFAULT_PAGE_SIZE
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

export const getDelivery = async (db: Db, id: string) => toDeliveryDto(await findDeliveryWithLog(db, id))

const includeLog = { log: { orderBy: { id: 'desc' }, take: 12 } } as const

const findDeliveryWithLog = (db: Db, id: string) =>
  db.webhookDelivery.findUniqueOrThrow({ where: { id }, include: includeLog })

const toDeliveryDto = (row: Awaited<ReturnType<typeof findDeliveryWithLog>>): WebhookDeliveryDto => ({
  id: row.id,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  body: row.body,
  log: row.log.map(({ at, status, latencyMs, error, errorSource }) => ({
    at: at.toISOString(),
    status,
    latencyMs,
    error: error && formatStoredMessage(errorSource, error),
    responseHead: null,
  })),
})
