import type { Db } from '../database/db'

/** Measures the clock of this computer minus that of the database, in milliseconds, within half a round trip. */
export async function measureClockOffset(db: Db) {
  const startedAt = performance.now()
  const [row] = await db.$queryRaw<{ ms: number }[]>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`
  const roundTripMs = performance.now() - startedAt
  return Math.round(Date.now() - roundTripMs / 2 - row!.ms)
}
