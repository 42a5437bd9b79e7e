import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '@/lib/database/db'

/**
 * Waits until a queue with a rate may start its next task. Turns are given out by one row that all workers
 * share, so together they start no more than `startsPerSecond`. An abort ends the wait at once.
 */
export async function waitForRateLimit(
  db: Db,
  { queue, startsPerSecond, signal }: { queue: string; startsPerSecond: number; signal: AbortSignal },
) {
  const step = `${1 / startsPerSecond} seconds`
  const [turn] = await db.$queryRaw<{ waitMs: number }[]>`
    INSERT INTO queue_control (queue, "nextStartAt") VALUES (${queue}, clock_timestamp() + ${step}::interval)
    ON CONFLICT (queue) DO UPDATE SET
      "nextStartAt" = greatest(queue_control."nextStartAt", clock_timestamp()) + ${step}::interval
    RETURNING (1000 * extract(epoch FROM "nextStartAt" - ${step}::interval - clock_timestamp()))::float AS "waitMs"`
  await delay(Math.max(0, turn!.waitMs), undefined, { signal }).catch(() => undefined)
}
