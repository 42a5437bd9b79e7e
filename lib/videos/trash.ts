import type { PgBoss } from 'pg-boss'
import { DAY_MS } from '../durations'
import { databaseTimeMs } from '../cluster/database-clock'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import { sendScheduleJob } from '../schedules/commands'
import { cancelIfUnfinished, retryIfEnded } from '../tasks/commands'
import { whereUnfinished } from '../tasks/queries'
import { clearDuplicates } from './duplicates'
import { lockTasksOfVideo } from './lock-tasks-of-video'
import { REPLACING_KINDS } from './replace-file'

interface Target {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
}

/**
 * Moves a video to the trash, where it stays for TRASH_DAYS, and cancels its tasks. Links to it stop working. Nothing of it is
 * removed; an upload or import that still receives its file continues, because it is discarded when it is canceled. Idempotent.
 * @throws {AppError} video.not_found
 */
export async function trashVideo({ db, ...target }: Target): Promise<void> {
  try {
    await db.$transaction((tx) => moveToTrash(tx, target))
  } catch (error) {
    if (error !== tasksQueued) throw error
    await trashVideo({ db, ...target })
  }
}

async function moveToTrash(tx: Tx, { boss, id, ownerId }: Omit<Target, 'db'>) {
  const { deletedAt, sha256 } = await lockTasks(tx, { id, ownerId })
  if (deletedAt) return
  const now = databaseTimeMs()
  if (sha256 !== null) await cancelTasks(tx, boss, { id, ownerId })
  await clearDuplicates(tx, id)
  const trashed = await tx.video.update({
    where: { id },
    data: { deletedAt: new Date(now), purgeAt: new Date(now + config().TRASH_DAYS * DAY_MS) },
  })
  if (trashed.sha256 !== null && (await tx.task.count({ where: unfinishedOf(id) })) > 0) throw tasksQueued
}

/**
 * Tasks were queued before the video was locked, which is after its tasks. They would be locked after it, unlike in workers, so
 * that the transaction is rolled back and repeated.
 */
const tasksQueued = new Error('tasks were queued for a video while it was moved to the trash')

/**
 * Takes a video out of the trash and retries the tasks that were canceled since it is there, except those whose files were
 * discarded with them. Idempotent.
 * @throws {AppError} video.not_found
 */
export const restoreVideo = ({ db, boss, id, ownerId }: Target) =>
  db.$transaction(async (tx) => {
    const { deletedAt, wholeOfId } = await lockTasks(tx, { id, ownerId })
    if (wholeOfId) throw notFound('video')
    if (!deletedAt) return
    const canceled = await tx.task.findMany({
      where: {
        videoId: id,
        partOfId: null,
        kind: { notIn: REPLACING_KINDS },
        state: 'canceled',
        finishedAt: { gte: deletedAt },
      },
      orderBy: { id: 'asc' },
      select: { id: true },
    })
    for (const task of canceled) await retryIfEnded(tx, { boss, taskId: task.id, ownerId })
    await tx.video.update({ where: { id }, data: { deletedAt: null, purgeAt: null } })
  })

/** Has a worker destroy a video in the trash now. @throws {AppError} video.not_found, also if it is not in the trash */
export const purgeVideo = ({ db, boss, id, ownerId }: Target) =>
  db.$transaction(async (tx) => {
    const { count } = await tx.video.updateMany({
      where: { id, ownerId, purgeAt: { not: null } },
      data: { purgeAt: new Date(databaseTimeMs()) },
    })
    if (count === 0) throw notFound('video')
    await sendScheduleJob(tx, boss, 'videos.purge')
  })

async function cancelTasks(tx: Tx, boss: PgBoss, { id, ownerId }: { id: string; ownerId: string }) {
  const unfinished = await tx.task.findMany({
    where: unfinishedOf(id),
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  for (const task of unfinished) await cancelIfUnfinished(tx, { boss, taskId: task.id, ownerId })
}

const unfinishedOf = (videoId: string) => ({ videoId, partOfId: null, ...whereUnfinished })

/** Locks the tasks of a video, which no other deletion or restoration changes from then on, and returns its state. */
async function lockTasks(tx: Tx, where: { id: string; ownerId: string }) {
  if ((await tx.video.count({ where })) === 0) throw notFound('video')
  await lockTasksOfVideo(tx, where.id)
  const video = await tx.video.findFirst({
    where,
    select: { deletedAt: true, sha256: true, wholeOfId: true },
  })
  if (!video) throw notFound('video')
  return video
}
