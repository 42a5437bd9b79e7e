import { setTimeout as delay } from 'node:timers/promises'
import type { Db, Tx } from '@/lib/database/db'

const MAX_PAUSE_SECONDS = 30

/** A turn that nobody used by then is void: otherwise several would leave at once after a rest. */
const PERMIT_TTL_MS = 1_000

interface RateLimitOptions {
  ratePerSecond: number
  signal: AbortSignal
}

/** When the turns came that this process waited for ahead, by its own clock. */
const prefetchedPermits: number[] = []

/**
 * Waits until the next mail may leave: `ratePerSecond` for all senders of the database together, evenly.
 * A turn whose sender dies, or is aborted by `signal`, is not given to another.
 */
export async function acquireSendPermit(db: Db, turn: RateLimitOptions) {
  turn.signal.throwIfAborted()
  while (prefetchedPermits.length > 0)
    if (performance.now() - prefetchedPermits.shift()! < PERMIT_TTL_MS) return
  await waitForPermit(db, turn)
}

/**
 * Waits for a turn before the mail is taken that will use it, while any wait in one of `queues`: who is next is
 * decided as late as can be, and nobody's first mail waits behind those that senders hold.
 */
export async function prefetchSendPermit(
  db: Db,
  { queues, ...turn }: RateLimitOptions & { queues: readonly string[] },
) {
  const [line] = await db.$queryRaw<{ isLong: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM pgboss.job
      WHERE name = ANY(${queues}) AND state < 'active' AND start_after <= now()) AS "isLong"`
  if (!line?.isLong) return
  await waitForPermit(db, turn)
  prefetchedPermits.push(performance.now())
}

async function waitForPermit(db: Db, options: RateLimitOptions) {
  const [turn] = await db.$queryRaw<{ waitMs: number }[]>`
    UPDATE mail_pace
    SET "nextAt" = greatest("nextAt", clock_timestamp() AT TIME ZONE 'UTC')
      + make_interval(secs => ${1 / options.ratePerSecond}::float8)
    RETURNING (1000 * (extract(epoch FROM "nextAt" - clock_timestamp() AT TIME ZONE 'UTC')
      - ${1 / options.ratePerSecond}::float8))::float8 AS "waitMs"`
  await delay(Math.max(0, turn?.waitMs ?? 0), undefined, { signal: options.signal })
}

/**
 * Nobody sends for a while, because the server takes nothing: as long as it has been down, at least 1 s
 * and at most 30 s.
 * @returns how long, in milliseconds
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

/** The server takes mails again. */
export async function resumeSending(tx: Tx) {
  await tx.$executeRaw`
    UPDATE mail_pace SET problem = NULL, "downSince" = NULL WHERE problem IS NOT NULL`
}
