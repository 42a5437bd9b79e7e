import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/webhook-errors'
import { encryptSecret } from '../accounts/encrypt-secret'
import type { z } from 'zod'
import { lockUser } from '../accounts/lock-user'
import type { AuditAction } from '../audit/actions'
import { recordAudit } from '../audit/commands'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { requirePermission } from '../users/permissions'
import { findEndpoint, toWebhookDto } from './queries'
import {
  type createWebhookSchema,
  MAX_ENDPOINTS,
  type updateWebhookSchema,
  type WebhookWithSecret,
} from './schema'
import { generateWebhookSecret } from './secret'
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
 * @throws {AppError} webhook.address_refused, webhook.kind_unknown, webhook.too_many, webhook.not_allowed
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
    await requirePermission(tx, ownerId, 'canUseWebhooks')
    if ((await tx.webhookEndpoint.count({ where: { ownerId } })) >= MAX_ENDPOINTS)
      throw tooManyEndpointsError()
    const created = await tx.webhookEndpoint.create({ data: { ownerId, ...input, secret: encrypted } })
    await recordWebhookAudit(tx, 'webhook.created', created)
    return created
  })
  return { ...toWebhookDto(row), secret }
}

const tooManyEndpointsError = () =>
  new AppError({
    code: 'webhook.too_many',
    message: messages.tooMany({ maximum: MAX_ENDPOINTS }),
    status: 422,
  })

/**
 * Updates an endpoint. Enabling it, or changing its URL, resets its failure state.
 * @throws {AppError} webhook.not_found, webhook.address_refused, webhook.kind_unknown, webhook.not_allowed
 */
export async function updateEndpoint(db: Db, target: Target, change: z.infer<typeof updateWebhookSchema>) {
  await findEndpoint(db, target)
  if (change.isEnabled !== false) await requirePermission(db, target.ownerId, 'canUseWebhooks')
  if (change.url) parseWebhookUrl(change.url)
  assertKnownKinds(change.kinds ?? [])
  const failure = change.isEnabled || change.url ? { failingSince: null } : {}
  const reason = change.isEnabled === undefined ? {} : { disabledReason: null }
  const row = await db.$transaction(async (tx) => {
    const data = { ...change, ...failure, ...reason }
    const updated = await tx.webhookEndpoint.update({ where: { id: target.id }, data })
    await recordWebhookAudit(tx, 'webhook.updated', updated)
    return updated
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
  const data = {
    secret: await encryptSecret(secret),
    formerSecret,
    formerSecretUntil: new Date(databaseTimeMs() + FORMER_SECRET_TTL_HOURS * 60 * 60 * 1000),
  }
  const row = await db.$transaction(async (tx) => {
    const updated = await tx.webhookEndpoint.update({ where: { id: target.id }, data })
    await recordWebhookAudit(tx, 'webhook.secret_rotated', updated)
    return updated
  })
  return { ...toWebhookDto(row), secret }
}

/** Deletes an endpoint with its deliveries, including queued ones. @throws {AppError} webhook.not_found */
export async function deleteEndpoint(db: Db, target: Target) {
  const endpoint = await findEndpoint(db, target)
  await db.$transaction(async (tx) => {
    const { count } = await tx.webhookEndpoint.deleteMany({ where: { id: target.id } })
    if (count === 0) throw notFound('webhook')
    await recordWebhookAudit(tx, 'webhook.deleted', endpoint)
  })
}

/** The host alone: path and query of the URL may contain secrets. */
const recordWebhookAudit = (tx: Tx, action: AuditAction, { id, url }: { id: string; url: string }) =>
  recordAudit(tx, { action, subject: { type: 'webhook', id }, detail: { host: new URL(url).host } })

function assertKnownKinds(kinds: readonly string[]) {
  const knownKinds = listSubscribableKinds().map(([name]) => name as string)
  const unknownKinds = kinds.filter((kind) => !knownKinds.includes(kind))
  if (unknownKinds.length === 0) return
  const message = messages.unknownKind({ unknown: unknownKinds.join(', '), available: knownKinds.join(', ') })
  throw new AppError({ code: 'webhook.kind_unknown', message, status: 422 })
}
