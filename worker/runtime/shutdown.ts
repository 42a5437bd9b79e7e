import type { PgBoss } from 'pg-boss'
import type { RunningTasks } from './running-tasks'

/** How often what was fetched at the last moment is looked for. */
const ABORT_INTERVAL_MS = 100

/** The worker is asked to end: its tasks go back in line without spending an attempt. */
export class WorkerStopping extends Error {
  constructor() {
    super('the worker is stopping')
    this.name = 'WorkerStopping'
  }
}

/**
 * Takes no more jobs, hands over those in hand, and closes the queue. Resolves when nothing of it is under
 * way any more, or after `timeoutMs` (milliseconds); what is left then is delivered to somebody else.
 */
export async function shutDownWorker(
  { boss, running }: { boss: PgBoss; running: RunningTasks },
  { timeoutMs }: { timeoutMs: number },
) {
  const over = Promise.all([boss.stop({ graceful: true, timeout: timeoutMs }), running.stopPolling()])
  const handOver = () => running.abortAll(new WorkerStopping())
  const timer = setInterval(handOver, ABORT_INTERVAL_MS)
  handOver()
  await over
  clearInterval(timer)
}
