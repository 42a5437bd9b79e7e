import type { Db } from '../database/db'

const SAMPLES = 3

/**
 * Measures the clock of this computer minus that of the database, in milliseconds. Of a few samples, the one with the
 * shortest round trip counts, as in NTP: its error is at most half of that.
 */
export async function measureClockOffset(db: Db) {
  const samples = []
  for (let n = 0; n < SAMPLES; n++) samples.push(await readSample(db))
  const { offsetMs } = samples.reduce((best, sample) =>
    sample.roundTripMs < best.roundTripMs ? sample : best,
  )
  return Math.round(offsetMs)
}

async function readSample(db: Db) {
  const startedAt = performance.now()
  const [row] = await db.$queryRaw<{ ms: number }[]>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`
  const roundTripMs = performance.now() - startedAt
  return { roundTripMs, offsetMs: Date.now() - roundTripMs / 2 - row!.ms }
}
