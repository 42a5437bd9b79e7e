import type { z } from 'zod'
import { lockUser } from '../accounts/lock-user'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { WebhookEndpoint } from '../generated/prisma/client'
import { parseWebhookUrl } from './url-policy'
import {
  MAX_ENDPOINTS,
  type updateWebhookSchema,
  type WebhookDto,
  type createWebhookSchema,
  type WebhookWithSecret,
} from './schema'
import { generateWebhookSecret, encryptSecret } from './secret'
import { listSubscribableKinds } from './subscribable-kinds'

/** How long the secret before signs as well, in hours. */
const FORMER_SECRET_TTL_HOURS = 24

interface Target {
  id: string
  ownerId: string
}

/** @throws {AppError} webhook.address_refused, webhook.kind_unknown, webhook.too_many */
export async function createEndpoint(
  db: Db,
  { ownerId, order }: { ownerId: string; order: z.infer<typeof createWebhookSchema> },
): Promise<WebhookWithSecret> {
  parseWebhookUrl(order.url)
  assertKnownKinds(order.kinds)
  const secret = generateWebhookSecret()
  const sealed = await encryptSecret(secret)
  const row = await db.$transaction(async (tx) => {
    // One after the other: those that come at once would not count each other.
    await lockUser(tx, ownerId)
    if ((await tx.webhookEndpoint.count({ where: { ownerId } })) >= MAX_ENDPOINTS)
      throw tooManyEndpointsError()
    return tx.webhookEndpoint.create({ data: { ownerId, ...order, secret: sealed } })
  })
  return { ...toWebhookDto(row), secret }
}

const tooManyEndpointsError = () =>
  new AppError({
    code: 'webhook.too_many',
    message: `There are ${MAX_ENDPOINTS} webhooks already. Delete one to make room.`,
    status: 422,
  })

export async function listEndpoints(db: Db, ownerId: string) {
  const rows = await db.webhookEndpoint.findMany({ where: { ownerId }, orderBy: { id: 'asc' } })
  return { webhooks: rows.map(toWebhookDto) }
}

/** @throws {AppError} webhook.not_found for a missing one and for somebody else's. */
export const getEndpoint = async (db: Db, target: Target) => toWebhookDto(await findEndpoint(db, target))

/** Turning one on again forgets that it failed. @throws as addEndpoint, and {AppError} webhook.not_found */
export async function updateEndpoint(db: Db, target: Target, change: z.infer<typeof updateWebhookSchema>) {
  await findEndpoint(db, target)
  if (change.url) parseWebhookUrl(change.url)
  assertKnownKinds(change.kinds ?? [])
  const fresh = change.isEnabled || change.url ? { failingSince: null } : {}
  const reason = change.isEnabled === undefined ? {} : { disabledReason: null }
  const row = await db.webhookEndpoint.update({
    where: { id: target.id },
    data: { ...change, ...fresh, ...reason },
  })
  return toWebhookDto(row)
}

/** Gives it a new secret. The one before signs as well for 24 hours. @throws {AppError} webhook.not_found */
export async function rotateSecret(db: Db, target: Target): Promise<WebhookWithSecret> {
  const { secret: former } = await findEndpoint(db, target)
  const secret = generateWebhookSecret()
  const row = await db.webhookEndpoint.update({
    where: { id: target.id },
    data: {
      secret: await encryptSecret(secret),
      formerSecret: former,
      formerSecretUntil: new Date(Date.now() + FORMER_SECRET_TTL_HOURS * 60 * 60 * 1000),
    },
  })
  return { ...toWebhookDto(row), secret }
}

/** What waits for it is not delivered any more. @throws {AppError} webhook.not_found */
export async function deleteEndpoint(db: Db, { id, ownerId }: Target) {
  const { count } = await db.webhookEndpoint.deleteMany({ where: { id, ownerId } })
  if (count === 0) throw notFound('webhook')
}

/** @throws {AppError} webhook.not_found */
export async function findEndpoint(db: Db, { id, ownerId }: Target): Promise<WebhookEndpoint> {
  const row = await db.webhookEndpoint.findFirst({ where: { id, ownerId } })
  if (!row) throw notFound('webhook')
  return row
}

function assertKnownKinds(asked: readonly string[]) {
  const names = listSubscribableKinds().map(([name]) => name as string)
  const unknown = asked.filter((name) => !names.includes(name))
  if (unknown.length === 0) return
  const message = `There is no kind ${unknown.join(', ')}. There are: ${names.join(', ')}.`
  throw new AppError({ code: 'webhook.kind_unknown', message, status: 422 })
}

function toWebhookDto(row: WebhookEndpoint): WebhookDto {
  const until = row.formerSecretUntil
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    kinds: row.kinds,
    isEnabled: row.isEnabled,
    disabledReason: row.disabledReason,
    failingSince: row.failingSince?.toISOString() ?? null,
    formerSecretUntil: until && until > new Date() ? until.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
  }
}
