import { hostname } from 'node:os'
import { queueDueDigests } from '@/lib/mail/digest'
import { updateMinuteStats } from '@/lib/queues/minute-stats'
import { advanceRedrives } from '@/lib/queues/redrive'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import type { WorkerContext } from '../context'
import { checkSandbox } from '../process/check-sandbox'
import { runEvery } from '@/lib/concurrency/run-every'
import { WORKER_ID } from './worker-id'

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
      work: () => recordHeartbeat(context),
      pauseMs: 5_000,
      failureMessage: 'could not record the worker heartbeat',
    },
  ]
  const stops = loops.map((loop) => runEvery(loop))
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}

/** The health check reports a worker as stopped after `WORKER_TIMEOUT`. */
async function recordHeartbeat({ db }: WorkerContext) {
  const { problem, warning } = await sandboxCheck
  await db.$executeRaw`
    INSERT INTO worker_beat (id, "seenAt", problem, warning, hostname, pid)
    VALUES (${WORKER_ID}, now(), ${problem}, ${warning}, ${hostname()}, ${process.pid})
    ON CONFLICT (id) DO UPDATE SET "seenAt" = now()`
  await db.$executeRaw`DELETE FROM worker_beat WHERE "seenAt" < now() - interval '1 day'`
}

const sandboxCheck = checkSandbox()
