import type { PgBoss } from 'pg-boss'
import type { Db } from '../database/db'
import { isConflict } from '../database/query-errors'
import { notFound } from '../errors'
import { requireFolder } from '../folders/commands'
import type { Storage } from '../storage/storage'
import { inTransaction } from '../tasks/boss'
import { touchPlaylistsOf } from '../playlists/commands'
import { lockTasksOfVideo } from './lock-tasks-of-video'
import { lockVideo, requireVideo } from './require-video'
import type { VideoUpdate } from './schema'
import { currentKeys } from '../storage/keys'
import { removeReceivedData } from '../uploads/remove-received-data'

interface Target {
  db: Db
  boss: PgBoss
  storage: Storage
  id: string
  ownerId: string
}

/**
 * Deletes a video: rows, queued jobs and files. Running tasks stop at their next write. With `dueBy`, only if it is in the
 * trash until then.
 * @throws {AppError} video.not_found
 */
export async function deleteVideo({ db, boss, storage, id, ownerId, dueBy }: Target & { dueBy?: Date }) {
  const where = { id, ownerId, ...(dueBy && { purgeAt: { lte: dueBy } }) }
  const { unfinished, files, whole } = await db.$transaction(async (tx) => {
    if ((await tx.video.count({ where })) === 0) throw notFound('video')
    await lockTasksOfVideo(tx, id)
    const queued = await tx.task.findMany({
      where: { videoId: id, state: 'queued', jobId: { not: null } },
      select: { queue: true, jobId: true },
    })
    for (const [queue, tasks] of Map.groupBy(queued, (task) => task.queue))
      await boss.cancel(
        queue,
        tasks.map(({ jobId }) => jobId!),
        inTransaction(tx),
      )
    await tx.task.deleteMany({ where: { videoId: id } })
    const upload = await tx.upload.findUnique({ where: { earlyVideoId: id } })
    const files = await lockVideo(tx, { id, ownerId })
    const whole = await tx.video.findUnique({ where: { wholeOfId: id }, select: { id: true, filesId: true } })
    // It may have been restored in between.
    if (files) await touchPlaylistsOf(tx, id)
    if (!files || (await tx.video.deleteMany({ where })).count === 0) throw notFound('video')
    return { unfinished: upload, files, whole }
  })
  await storage.removeAll(currentKeys(files).folder)
  if (whole) await storage.removeAll(currentKeys(whole).folder)
  // It was deleted with the video.
  if (unfinished) await removeReceivedData(storage, unfinished)
}

type Update = Pick<Target, 'db' | 'id' | 'ownerId'> & { update: VideoUpdate }

/** Changes the fields that are given. @throws {AppError} video.not_found, video.in_trash, folder.not_found */
export async function updateVideo({ db, id, ownerId, update }: Update) {
  if (update.folderId) await requireFolder(db, { id: update.folderId, ownerId })
  await updateInFolder({ db, id, ownerId, update })
}

/** As `updateVideo`, with a folder that is known to be one of the owner. */
export async function updateInFolder({ db, id, ownerId, update }: Update) {
  try {
    await db.$transaction(async (tx) => {
      await requireVideo(tx, { id, ownerId })
      await tx.video.update({ where: { id }, data: update })
    })
  } catch (error) {
    // The folder may have been deleted meanwhile.
    if (update.folderId && isConflict(error)) await requireFolder(db, { id: update.folderId, ownerId })
    throw error
  }
}
