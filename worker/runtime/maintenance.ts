import { hostname } from 'node:os'
import { log } from '@/lib/log'
import { queueDueDigests } from '@/lib/mail/digest'
import { updateMinuteStats } from '@/lib/queues/minute-stats'
import { advanceRedrives } from '@/lib/queues/redrive'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import type { WorkerContext } from '../context'
import { checkSandbox } from '../process/check-sandbox'
import { WORKER_ID } from './worker-id'

/** What is done every few seconds by every worker: it heals what events cannot. The rest are schedules. */
export function startMaintenance(context: WorkerContext) {
  const every = (seconds: number, work: () => Promise<unknown>, message: string) =>
    setInterval(
      () => void work().catch((error: unknown) => log.warn({ err: error }, message)),
      seconds * 1000,
    )
  const timers = [
    every(5, () => reconcileTasks(context), 'could not reconcile tasks'),
    every(2, () => advanceRedrives(context), 'could not go on with redrives'),
    every(10, () => updateMinuteStats(context.db), 'could not count what queues did'),
    every(10, () => queueDueDigests(context), 'could not mail what was gathered'),
    every(5, () => recordHeartbeat(context), 'could not tell that this worker lives'),
  ]
  void recordHeartbeat(context).catch(() => undefined)
  return () => timers.forEach(clearInterval)
}

/** Health asks whether some worker has said so within the last 20 s. */
async function recordHeartbeat({ db }: WorkerContext) {
  const { problem, warning } = await sandboxCheck
  await db.$executeRaw`
    INSERT INTO worker_beat (id, "seenAt", problem, warning, hostname, pid)
    VALUES (${WORKER_ID}, now(), ${problem}, ${warning}, ${hostname()}, ${process.pid})
    ON CONFLICT (id) DO UPDATE SET "seenAt" = now()`
  await db.$executeRaw`DELETE FROM worker_beat WHERE "seenAt" < now() - interval '1 day'`
}

const sandboxCheck = checkSandbox()
