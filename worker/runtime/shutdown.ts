import type { PgBoss } from 'pg-boss'
import { runEvery } from '@/lib/concurrency/run-every'
import type { RunningTasks } from './running-tasks'

/** Repeated, because a job may be fetched at the last moment. */
const ABORT_INTERVAL_MS = 100

/** The worker shuts down: its tasks return to their queues without spending an attempt. */
export class WorkerStopping extends Error {
  constructor() {
    super('the worker is stopping')
    this.name = 'WorkerStopping'
  }
}

/**
 * Stops fetching jobs, returns the running tasks to their queues, and closes the queue connection. Resolves when no
 * task runs, or after `timeoutMs` (milliseconds); the remaining jobs are then delivered to another worker.
 */
export async function shutDownWorker(
  { boss, running }: { boss: PgBoss; running: RunningTasks },
  { timeoutMs }: { timeoutMs: number },
) {
  const stopAborting = runEvery({
    work: async () => running.abortAll(new WorkerStopping()),
    pauseMs: ABORT_INTERVAL_MS,
    failureMessage: 'could not abort running tasks',
  })
  await running.stopConsuming({ timeoutMs })
  await stopAborting()
  await running.stopPolling()
  await boss.stop({ graceful: true, timeout: timeoutMs })
}
