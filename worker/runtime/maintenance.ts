import { queueDueDigests } from '@/lib/mail/digest'
import { updateMinuteStats } from '@/lib/queues/minute-stats'
import { advanceRedrives } from '@/lib/queues/redrive'
import { createForecaster } from '@/lib/tasks/forecast/update-forecasts'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import type { WorkerContext } from '../context'
import { runEvery } from '@/lib/concurrency/run-every'

/**
 * Starts the maintenance that every worker does every few seconds. Maintenance that is due less often is a schedule.
 * @returns an async stop
 */
export function startMaintenance(context: WorkerContext) {
  const loops = [
    {
      work: () => reconcileTasks(context),
      pauseMs: 5_000,
      failureMessage: 'could not reconcile tasks',
    },
    {
      work: createForecaster(context.db),
      pauseMs: 1_000,
      failureMessage: 'could not update forecasts',
    },
    {
      work: () => advanceRedrives(context),
      pauseMs: 2_000,
      failureMessage: 'could not advance redrives',
    },
    {
      work: () => updateMinuteStats(context.db),
      pauseMs: 10_000,
      failureMessage: 'could not update queue statistics',
    },
    {
      work: () => queueDueDigests(context),
      pauseMs: 10_000,
      failureMessage: 'could not queue mail digests',
    },
    {
      work: async () => context.storage.removeUnusedCopies?.(context.config.STORAGE_CACHE_MINUTES * 60_000),
      pauseMs: 60_000,
      failureMessage: 'could not remove unused local copies',
    },
  ]
  const stops = loops.map((loop) => runEvery(loop))
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}
