import path from 'node:path'
import type { Tx } from '@/lib/database/db'
import { PermanentError } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'
import { currentKeys } from '@/lib/storage/keys'
import { copyPoster } from '@/lib/videos/copy-poster'
import { cancelIfUnfinished } from '@/lib/tasks/commands'
import { whereUnfinished } from '@/lib/tasks/queries'
import { lockTasksOfVideo } from '@/lib/videos/lock-tasks-of-video'
import { swapFiles } from '@/lib/videos/replace-file'
import { lockVideo } from '@/lib/videos/require-video'
import { changePosterTask, compressVideoTask, replaceFileTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/media-errors'
import { loadVideo } from '../media/load-video'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { waitForTasks } from './wait-for-tasks'

/** Makes a transcoded file that of another video, once its tasks have ended. The former one plays until then. */
export const replaceFile: TaskHandler<typeof replaceFileTask> = {
  kind: replaceFileTask,
  async run(run) {
    const { db, boss } = run.context
    const { videoId, replacementId } = run.payload
    const { video } = await loadVideo(run)
    const next = await db.video.findUnique({ where: { id: replacementId } })
    if (next?.replacesId !== videoId) throw replacementGone()
    if ((await countBusyTasks(run)) > 0) throw notReady(next)
    const poster = video.posterSource === 'picture' ? await copyPicture(run, video, next) : null
    return {
      async store(tx) {
        await lockTasksOfVideo(tx, videoId)
        await lockTasksOfVideo(tx, replacementId)
        if ((await countBusyTasks(run, tx)) > 0) throw notReady(next)
        await cancelFormerTasks(run, tx)
        const locked = {
          video: await lockVideo(tx, { id: videoId }),
          next: await lockVideo(tx, { id: replacementId }),
        }
        if (!locked.video || locked.next?.replacesId !== videoId) throw replacementGone()
        // The owner has changed the thumbnail since it was copied, or was not.
        if (locked.video.posterKey !== video.posterKey) throw notReady(next)
        await swapFiles(tx, boss, { video: locked.video, next: locked.next, poster })
      },
    }
  },
}

const notReady = (next: Video) => waitForTasks(next, 'the new file is not ready')

type Run = TaskRun<{ videoId: string; replacementId: string }>

/** Tasks of the new file that run, or that it needs to be complete, and choices of a thumbnail, which it keeps. */
function countBusyTasks({ payload, context }: Run, db: Pick<typeof context.db, 'task'> = context.db) {
  const { videoId, replacementId } = payload
  const isNeeded = { kind: { not: compressVideoTask.name }, partOfId: null, ...whereUnfinished }
  return db.task.count({
    where: {
      OR: [
        { videoId: replacementId, state: 'in_progress' },
        { videoId: replacementId, ...isNeeded },
        { videoId, kind: changePosterTask.name, ...whereUnfinished },
      ],
    },
  })
}

/** Cancels what workers still do with the former file. */
async function cancelFormerTasks({ payload, taskId, context: { boss } }: Run, tx: Tx) {
  const former = await tx.task.findMany({
    where: { videoId: payload.videoId, id: { not: taskId }, partOfId: null, ...whereUnfinished },
    orderBy: { id: 'asc' },
    select: { id: true, ownerId: true },
  })
  for (const { id, ownerId } of former) await cancelIfUnfinished(tx, { boss, taskId: id, ownerId })
}

/** Copies a picture that the owner has chosen as the poster to the files of the new one. */
async function copyPicture(run: Run, video: Video, next: Video) {
  const posterKey = currentKeys(next).chosenPoster(path.parse(video.posterKey!).name)
  await copyPoster(run.context.storage, { from: video.posterKey!, to: posterKey, signal: run.signal })
  return { posterKey, hasCover: video.hasCover }
}

const replacementGone = () =>
  new PermanentError({
    code: 'video.replacement_gone',
    message: messages.replacementDiscarded(),
    advice: messages.replacementDiscardedAdvice(),
  })
