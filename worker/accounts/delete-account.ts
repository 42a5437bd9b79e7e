import { archiveKeys, exportKeys } from '@/lib/storage/keys'
import { deleteAccountTask } from '@/lib/accounts/tasks'
import { recordAudit } from '@/lib/audit/commands'
import { AppError, RetryLater } from '@/lib/errors'
import { requestTermination } from '@/lib/machines/termination'
import { terminateMachineTask } from '@/lib/machines/tasks'
import { cancelTask } from '@/lib/tasks/commands'
import { whereUnfinished } from '@/lib/tasks/queries'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { deleteVideo } from '@/lib/videos/commands'
import { markLostHosts } from '../machines/host/host-lease'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import * as messages from '@/lib/generated/messages/worker-errors'

const MACHINE_CHECK_INTERVAL_MS = 2_000

type Run = TaskRun<{ userId: string }>

/**
 * Deletes everything that a user has, first what exists outside of the database, and the user last. A later run
 * continues with what is left. The row of the task goes with the user, so that the run ends without settling it.
 */
export const deleteAccount: TaskHandler<typeof deleteAccountTask> = {
  kind: deleteAccountTask,
  async run(run) {
    const { userId } = run.payload
    const user = await run.context.db.user.findUnique({ where: { id: userId } })
    if (!user) return {}
    await terminateMachines(run)
    await cancelTasks(run)
    await deleteFiles(run)
    await run.write(async (tx) => {
      await recordAudit(tx, {
        action: 'account.deleted',
        subject: { type: 'user', id: userId },
        detail: { email: user.email },
      })
      await tx.apikey.deleteMany({ where: { referenceId: userId } })
      await tx.verification.deleteMany({ where: { OR: [{ identifier: user.email }, { value: userId }] } })
      await tx.invitation.deleteMany({ where: { email: user.email } })
      await tx.outboxMail.deleteMany({ where: { recipient: user.email } })
      await tx.mailBounce.deleteMany({ where: { address: user.email } })
      await tx.user.delete({ where: { id: userId } })
    })
    return {}
  },
}

/**
 * Waits until online hosts have removed all machines. What a lost host keeps, it removes when it comes back.
 * @throws {RetryLater} while machines are left
 */
async function terminateMachines(run: Run) {
  const { db, boss } = run.context
  const ownerId = run.payload.userId
  await db.machine.updateMany({ where: { ownerId, isProtected: true }, data: { isProtected: false } })
  // Also where no worker of this computer runs machines.
  await markLostHosts(db)
  const machines = await db.machine.findMany({
    where: { ownerId, state: { not: 'terminated' } },
    select: { id: true, host: { select: { lostAt: true } } },
  })
  for (const { id } of machines)
    await requestTermination({ db, boss, id, ownerId, actorId: null, reason: 'account deleted' })
  if (machines.every(({ host }) => host?.lostAt)) return
  throw new RetryLater(MACHINE_CHECK_INTERVAL_MS, `${machines.length} machines are being terminated`)
}

async function cancelTasks(run: Run) {
  const { db, boss } = run.context
  const ownerId = run.payload.userId
  const kind = { notIn: [deleteAccountTask.name, terminateMachineTask.name] }
  const tasks = await db.task.findMany({
    where: { ownerId, kind, partOfId: null, ...whereUnfinished },
    select: { id: true },
  })
  for (const { id } of tasks)
    await cancelTask({ db, boss, taskId: id, ownerId }).catch((error: unknown) => {
      // Ended in between.
      if (!(error instanceof AppError)) throw error
    })
}

async function deleteFiles(run: Run) {
  const { db, boss, storage } = run.context
  const ownerId = run.payload.userId
  const videos = await db.video.findMany({ where: { ownerId }, select: { id: true } })
  for (const [n, { id }] of videos.entries()) {
    run.signal.throwIfAborted()
    run.report({ stage: messages.deletingVideos(), progress: n / videos.length })
    await deleteVideo({ db, boss, storage, id, ownerId }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
    })
  }
  for (const { id } of await db.upload.findMany({ where: { ownerId, videoId: null }, select: { id: true } }))
    await removeUpload({ db, storage, id })
  for (const { id } of await db.accountExport.findMany({ where: { ownerId }, select: { id: true } }))
    await storage.removeAll(exportKeys(id).folder)
  for (const { id } of await db.archive.findMany({ where: { ownerId }, select: { id: true } }))
    await storage.removeAll(archiveKeys(id).folder)
}
