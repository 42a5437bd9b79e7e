import type { z } from 'zod'
import { lockUser } from '../accounts/lock-user'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import { findEndpoint, toWebhookDto } from './queries'
import {
  type createWebhookSchema,
  MAX_ENDPOINTS,
  type updateWebhookSchema,
  type WebhookWithSecret,
} from './schema'
import { encryptSecret, generateWebhookSecret } from './secret'
import { listSubscribableKinds } from './subscribable-kinds'
import { parseWebhookUrl } from './url-policy'

/** How long the previous secret stays valid after a rotation. */
const FORMER_SECRET_TTL_HOURS = 24

interface Target {
  id: string
  ownerId: string
}

/**
 * Creates an endpoint and its secret.
 * @throws {AppError} webhook.address_refused, webhook.kind_unknown, webhook.too_many
 */
export async function createEndpoint(
  db: Db,
  { ownerId, input }: { ownerId: string; input: z.infer<typeof createWebhookSchema> },
): Promise<WebhookWithSecret> {
  parseWebhookUrl(input.url)
  assertKnownKinds(input.kinds)
  const secret = generateWebhookSecret()
  const encrypted = await encryptSecret(secret)
  const row = await db.$transaction(async (tx) => {
    // Concurrent requests would not count each other's endpoint.
    await lockUser(tx, ownerId)
    if ((await tx.webhookEndpoint.count({ where: { ownerId } })) >= MAX_ENDPOINTS)
      throw tooManyEndpointsError()
    return tx.webhookEndpoint.create({ data: { ownerId, ...input, secret: encrypted } })
  })
  return { ...toWebhookDto(row), secret }
}

const tooManyEndpointsError = () =>
  new AppError({
    code: 'webhook.too_many',
    message: `You have ${MAX_ENDPOINTS} webhooks, the maximum. Delete one to make room.`,
    status: 422,
  })

/**
 * Updates an endpoint. Enabling it, or changing its URL, resets its failure state.
 * @throws {AppError} webhook.not_found, webhook.address_refused, webhook.kind_unknown
 */
export async function updateEndpoint(db: Db, target: Target, change: z.infer<typeof updateWebhookSchema>) {
  await findEndpoint(db, target)
  if (change.url) parseWebhookUrl(change.url)
  assertKnownKinds(change.kinds ?? [])
  const failure = change.isEnabled || change.url ? { failingSince: null } : {}
  const reason = change.isEnabled === undefined ? {} : { disabledReason: null }
  const row = await db.webhookEndpoint.update({
    where: { id: target.id },
    data: { ...change, ...failure, ...reason },
  })
  return toWebhookDto(row)
}

/**
 * Replaces the signing secret. For 24 hours, deliveries are signed with the previous one too.
 * @throws {AppError} webhook.not_found
 */
export async function rotateSecret(db: Db, target: Target): Promise<WebhookWithSecret> {
  const { secret: formerSecret } = await findEndpoint(db, target)
  const secret = generateWebhookSecret()
  const row = await db.webhookEndpoint.update({
    where: { id: target.id },
    data: {
      secret: await encryptSecret(secret),
      formerSecret,
      formerSecretUntil: new Date(Date.now() + FORMER_SECRET_TTL_HOURS * 60 * 60 * 1000),
    },
  })
  return { ...toWebhookDto(row), secret }
}

/** Deletes an endpoint with its deliveries, including queued ones. @throws {AppError} webhook.not_found */
export async function deleteEndpoint(db: Db, { id, ownerId }: Target) {
  const { count } = await db.webhookEndpoint.deleteMany({ where: { id, ownerId } })
  if (count === 0) throw notFound('webhook')
}

function assertKnownKinds(kinds: readonly string[]) {
  const knownKinds = listSubscribableKinds().map(([name]) => name as string)
  const unknownKinds = kinds.filter((kind) => !knownKinds.includes(kind))
  if (unknownKinds.length === 0) return
  const message = `Unknown task kind: ${unknownKinds.join(', ')}. Available: ${knownKinds.join(', ')}.`
  throw new AppError({ code: 'webhook.kind_unknown', message, status: 422 })
}
