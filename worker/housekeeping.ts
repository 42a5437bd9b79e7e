import { log } from '@/lib/log'
import { gatherNotes } from '@/lib/mail/gather'
import { pruneMail } from '@/lib/mail/prune'
import { removeExpiredUploads, uploadsDir } from '@/lib/uploads/expire'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import { removeOrphanedFolders, removeOrphanedUploads } from '@/lib/videos/orphans'
import type { WorkerContext } from './context'
import { sandboxStatus } from './sandbox/sandbox'

/** Heals what events cannot: tasks whose job is lost or gave up, and uploads nobody continued. */
export function housekeeping(context: WorkerContext) {
  const every = (seconds: number, work: () => Promise<unknown>, message: string) =>
    setInterval(
      () => void work().catch((error: unknown) => log.warn({ err: error }, message)),
      seconds * 1000,
    )
  let suspects: ReadonlySet<string> = new Set()
  const sweep = async () => {
    suspects = await removeOrphanedFolders({ ...context, suspects })
    await removeOrphanedUploads({ ...context, dir: uploadsDir(), idleMs: 60 * 60 * 1000 })
  }
  const timers = [
    every(5, () => reconcileTasks(context), 'could not reconcile tasks'),
    every(15 * 60, () => removeExpiredUploads(context), 'could not remove expired uploads'),
    every(15 * 60, sweep, 'could not remove orphaned files'),
    every(10, () => gatherNotes(context), 'could not mail what was gathered'),
    every(60 * 60, () => pruneMail(context), 'could not remove old mails'),
    every(5, () => beat(context), 'could not tell that this worker lives'),
  ]
  void beat(context).catch(() => undefined)
  return () => timers.forEach(clearInterval)
}

/** Health asks whether some worker has said so within the last 20 s. */
async function beat({ db }: WorkerContext) {
  const { problem, warning } = await sandbox
  await db.$executeRaw`
    INSERT INTO worker_beat (id, "seenAt", problem, warning) VALUES (${WORKER_ID}, now(), ${problem}, ${warning})
    ON CONFLICT (id) DO UPDATE SET "seenAt" = now()`
  await db.$executeRaw`DELETE FROM worker_beat WHERE "seenAt" < now() - interval '1 day'`
}

const WORKER_ID = `${process.pid}-${Date.now()}`
const sandbox = sandboxStatus()
