import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { sourceKey } from '../storage/keys'
import { cancelIfUnfinished } from '../tasks/commands'
import { enqueueTask } from '../tasks/enqueue'
import { whereUnfinished } from '../tasks/queries'
import { nameVideo } from './name-video'
import { earlyLookTask } from './tasks'

/**
 * Enqueues a look at what has arrived of an unfinished upload, unless one is unfinished, and creates its video if it is the
 * first one. Does nothing if the upload has ended. The caller holds the lock of the upload.
 */
export const beginEarlyLook = ({ db, boss }: { db: Db; boss: PgBoss }, uploadId: string) =>
  db.$transaction(async (tx) => {
    const upload = await tx.upload.findFirst({ where: { id: uploadId, videoId: null } })
    // The file of another video plays until all of this one is ready.
    if (!upload || upload.replacesId) return
    const { id, ownerId, sizeBytes } = upload
    if (!upload.earlyVideoId) {
      const names = nameVideo(upload.filename)
      await tx.video.create({
        data: { id, ownerId, ...names, sizeBytes, sourceKey: sourceKey(id, upload.filename) },
      })
      await tx.upload.update({ where: { id }, data: { earlyVideoId: id } })
    }
    const unfinished = { videoId: id, kind: earlyLookTask.name, ...whereUnfinished }
    if ((await tx.task.count({ where: unfinished })) > 0) return
    await enqueueTask(tx, boss, { kind: earlyLookTask, ownerId, subjectId: id, payload: { videoId: id } })
  })

/** Ends the looks at an upload that is complete. What they have stored remains, and they store nothing more. */
export async function endEarlyLooks(tx: Tx, boss: PgBoss, { id, ownerId }: { id: string; ownerId: string }) {
  const unfinished = await tx.task.findMany({
    where: { videoId: id, kind: earlyLookTask.name, ...whereUnfinished },
    select: { id: true },
  })
  for (const { id: taskId } of unfinished) await cancelIfUnfinished(tx, { boss, taskId, ownerId })
  await tx.task.deleteMany({ where: { videoId: id, kind: earlyLookTask.name, state: 'done' } })
}
