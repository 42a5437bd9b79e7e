import type { Db } from '@/lib/database/db'
import { RetryLater } from '@/lib/errors'
import type { WebhookEndpoint } from '@/lib/generated/prisma/client'

const RECHECK_MS = 20_000
const MAX_RECHECK_MS = 10 * 60_000
/**
 * Up to this many waiting deliveries check every `RECHECK_MS` whether the endpoint is free; more of them, less often.
 */
const RECHECKING_AT_FULL_RATE = 50

/** Failing endpoints with a delivery in progress. */
const busyEndpoints = new Set<string>()

/**
 * Runs `work`, for a failing endpoint one at a time: its timeouts would otherwise occupy all slots of this worker.
 * @throws {RetryLater} while another delivery to the failing endpoint is in progress
 */
export async function serializeIfFailing<T>(
  db: Db,
  { id, failingSince }: WebhookEndpoint,
  work: () => Promise<T>,
) {
  if (!failingSince) return work()
  if (busyEndpoints.has(id)) {
    const waiting = await db.webhookDelivery.count({ where: { endpointId: id, state: 'waiting' } })
    throw new RetryLater(recheckDelayMs(waiting), 'another delivery to this endpoint is in progress')
  }
  busyEndpoints.add(id)
  return work().finally(() => busyEndpoints.delete(id))
}

/** Delay until one of `waiting` deliveries checks again, in milliseconds, with up to 50 % jitter. */
export const recheckDelayMs = (waiting: number) =>
  Math.min(MAX_RECHECK_MS, RECHECK_MS * Math.max(1, waiting / RECHECKING_AT_FULL_RATE)) *
  (1 + Math.random() / 2)
