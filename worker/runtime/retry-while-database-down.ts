import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'

const MAX_WAIT_MS = 2 * 60_000
const RETRY_INTERVAL_MS = 250

/**
 * Does `work` again while Postgres is away, for at most two minutes, so that a restart of it spends no
 * attempt. A commit may have succeeded unheard: `work` must bear being done twice.
 */
export async function retryWhileDatabaseDown<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const startedAt = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseUnavailable(error) || performance.now() - startedAt > MAX_WAIT_MS) throw error
      await delay(RETRY_INTERVAL_MS, undefined, { signal })
    }
  }
}
