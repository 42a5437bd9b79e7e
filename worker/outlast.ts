import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseAway } from '@/lib/database-away'

const PATIENCE_MS = 2 * 60_000
const PAUSE_MS = 250

/**
 * Does `work` again while Postgres is away, for at most two minutes, so that a restart of it spends no
 * attempt. A commit may have succeeded unheard: `work` must bear being done twice.
 */
export async function outlastDatabase<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() - startedAt > PATIENCE_MS) throw error
      await delay(PAUSE_MS, undefined, { signal })
    }
  }
}
