import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'

const MAX_WAIT_MS = 2 * 60_000
const RETRY_INTERVAL_MS = 250

/**
 * Retries `work` while Postgres is unavailable, for at most two minutes, so that a restart of Postgres spends no
 * attempt. `work` must be idempotent: a commit may have succeeded although its response was lost.
 * @throws the last error, or the reason of `signal` once it is aborted
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
