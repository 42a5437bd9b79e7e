import type { Db } from '@/lib/database/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { acquirePermit, type PermitRow } from '../runtime/rate-limit'

const MAX_PAUSE_SECONDS = 30

/** A prefetched permit expires after this time, so that mails do not leave in a burst after a pause. */
const PERMIT_TTL_MS = 1_000

interface RateLimitOptions {
  ratePerSecond: number
  signal: AbortSignal
}

/** When the prefetched permits were acquired, by `performance.now()`. */
const prefetchedPermits: number[] = []

/**
 * Waits for a permit to send one mail: `ratePerSecond` evenly spaced permits across all workers. A permit whose sender
 * dies, or whose wait `signal` aborts, is lost.
 */
export async function acquireSendPermit(db: Db, options: RateLimitOptions) {
  options.signal.throwIfAborted()
  while (prefetchedPermits.length > 0)
    if (performance.now() - prefetchedPermits.shift()! < PERMIT_TTL_MS) return
  await acquirePermit(db, { row: mailPermitRow, ...options })
}

/**
 * Acquires a permit before a worker fetches the mail that will use it, if one of `queues` has a due job. The next mail
 * is thus selected as late as possible, so that a user's first mail does not wait for mails already fetched.
 */
export async function prefetchSendPermit(
  db: Db,
  { queues, ...options }: RateLimitOptions & { queues: readonly string[] },
) {
  const where = Prisma.sql`EXISTS (SELECT 1 FROM pgboss.job
    WHERE name = ANY(${[...queues]}) AND state < 'active' AND start_after <= now())`
  if (await acquirePermit(db, { row: { ...mailPermitRow, where }, ...options }))
    prefetchedPermits.push(performance.now())
}

const mailPermitRow: PermitRow = {
  table: Prisma.sql`mail_pace`,
  column: Prisma.sql`"nextAt"`,
  where: Prisma.sql`true`,
  now: Prisma.sql`clock_timestamp() AT TIME ZONE 'UTC'`,
}

/**
 * Pauses all senders while the mail server accepts nothing. The pause is as long as the server has been down, but
 * between 1 s and 30 s.
 * @returns the pause in milliseconds
 */
export async function pauseSending(db: Db, problem: string) {
  const [pause] = await db.$queryRaw<{ waitMs: number }[]>`
    UPDATE mail_pace SET problem = ${problem},
      "downSince" = coalesce("downSince", clock_timestamp() AT TIME ZONE 'UTC'),
      "nextAt" = greatest("nextAt", clock_timestamp() AT TIME ZONE 'UTC' + make_interval(secs =>
        least(${MAX_PAUSE_SECONDS}::float8, greatest(1, extract(epoch FROM
          clock_timestamp() AT TIME ZONE 'UTC' - "downSince"))::float8)))
    RETURNING (1000 * extract(epoch FROM "nextAt" - clock_timestamp() AT TIME ZONE 'UTC'))::float8 AS "waitMs"`
  return Math.max(1_000, Math.min(MAX_PAUSE_SECONDS * 1_000, pause?.waitMs ?? 0))
}

/** Clears the problem when the mail server accepts mail again, for `TaskRun.writeTogether`. */
export const resumeSendingSql = Prisma.sql`
  UPDATE mail_pace SET problem = NULL, "downSince" = NULL FROM held WHERE problem IS NOT NULL`
