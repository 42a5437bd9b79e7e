import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import type { Tx } from '@/lib/database/db'
import type { WebhookDelivery } from '@/lib/generated/prisma/client'
import { findStoredMessage } from '@/lib/i18n/stored-message'
import { disableEndpoint } from '@/lib/webhooks/disable-endpoint'
import { TEST_EVENT } from '@/lib/webhooks/schema'
import * as messages from '@/lib/generated/messages/webhook-errors'
import { type AttemptResult, type DeliveryWithEndpoint, HTTP_GONE } from './attempt-delivery'
import { DISABLE_AFTER_MS } from './retry-schedule'

/** Records a successful attempt and ends the endpoint's failure state. */
export async function recordSuccess(tx: Tx, delivery: DeliveryWithEndpoint, attempt: AttemptResult) {
  await recordAttempt(tx, { delivery, attempt, state: 'delivered', nextAttemptAt: null })
  await tx.webhookEndpoint.updateMany({
    where: { id: delivery.endpoint.id, failingSince: { not: null } },
    data: { failingSince: null },
  })
}

interface FailedAttempt {
  delivery: DeliveryWithEndpoint
  attempt: AttemptResult
  /** Delay until the next attempt in milliseconds; null if there is none. */
  delayMs: number | null
}

/** Records a failed attempt. Disables the endpoint if it responded 410 Gone or has failed for three days. */
export async function recordFailure(tx: Tx, boss: PgBoss, { delivery, attempt, delayMs }: FailedAttempt) {
  await recordAttempt(tx, {
    delivery,
    attempt,
    state: delayMs === null ? 'failed' : 'waiting',
    nextAttemptAt: delayMs === null ? null : new Date(databaseTimeMs() + delayMs),
  })
  if (delivery.type === TEST_EVENT) return
  const { id, url } = delivery.endpoint
  // Read again under a lock: during the attempt, its URL may have changed or another delivery may have succeeded.
  await tx.$queryRaw`SELECT 1 FROM webhook_endpoint WHERE id = ${id}::uuid FOR UPDATE`
  const endpoint = await tx.webhookEndpoint.findUnique({ where: { id, url, isEnabled: true } })
  if (!endpoint) return
  const failingSince = endpoint.failingSince ?? new Date(databaseTimeMs())
  await tx.webhookEndpoint.update({ where: { id }, data: { failingSince } })
  const reason = findDisableReason(attempt, failingSince)
  if (reason) await disableEndpoint(tx, boss, { endpoint, reason })
}

function findDisableReason({ status, error }: AttemptResult, failingSince: Date) {
  if (status === HTTP_GONE) return messages.gone()
  if (databaseTimeMs() - failingSince.getTime() >= DISABLE_AFTER_MS)
    return messages.failedForDays({ error: String(error) })
  return null
}

interface RecordedAttempt {
  delivery: DeliveryWithEndpoint
  attempt: AttemptResult
  state: WebhookDelivery['state']
  nextAttemptAt: Date | null
}

async function recordAttempt(tx: Tx, { delivery: { id }, attempt, state, nextAttemptAt }: RecordedAttempt) {
  const { status, latencyMs, error } = attempt
  await tx.webhookAttempt.create({
    data: { deliveryId: id, status, latencyMs, error, errorSource: findStoredMessage(error) },
  })
  await tx.webhookDelivery.update({
    where: { id },
    data: { state, nextAttemptAt, attempts: { increment: 1 } },
  })
}
