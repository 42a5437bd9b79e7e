import type { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import type { TaskState } from '../generated/prisma/client'
import { cancelTask } from '../tasks/commands'
import { enqueueTask } from '../tasks/enqueue'
import type { CaptionRequest, updateCaptionSchema } from './schema'
import { captionVideoTask } from './tasks'
import { UNKNOWN_LANGUAGE } from './label'

/**
 * Asks for captions of a video. The track that was made by the same order before is made anew, and what a
 * person changed in it stays. Gives the ids of track and task.
 * @throws {AppError} video.not_found, caption.off, caption.in_progress
 */
export async function requestCaptions(
  { db, boss }: { db: Db; boss: PgBoss },
  order: CaptionRequest & { videoId: string; ownerId: string },
) {
  const { videoId, ownerId, language, translate } = order
  if (config().CAPTIONS === 'none')
    throw new AppError({
      code: 'caption.off',
      message: 'Captions are turned off on this server (CAPTIONS=none).',
      status: 409,
    })
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM video WHERE id = ${videoId}::uuid FOR UPDATE`
    const video = await tx.video.findFirst({ where: { id: videoId, ownerId } })
    if (!video) throw notFound('video')
    const speech = await tx.caption.findMany({
      where: { videoId, source: 'speech', isTranslation: translate },
    })
    const earlier = speech.find((one) => translate || one.language === (language ?? one.language))
    if ((earlier && UNFINISHED_STATES.includes(earlier.state)) || (await hasUnfinishedRequest(tx, order)))
      throw captionInProgressError()
    const task = await enqueueTask(tx, boss, {
      kind: captionVideoTask,
      ownerId,
      subjectId: videoId,
      payload: { videoId, language, translate },
    })
    // Where no language is named, the one that was found out before is not taken for granted.
    const asked = { language: translate ? 'en' : (language ?? UNKNOWN_LANGUAGE), taskId: task.id }
    const again = { ...asked, state: 'queued', doneSeconds: 0, note: null } as const
    const caption = earlier
      ? await tx.caption.update({ where: { id: earlier.id }, data: again })
      : await tx.caption.create({
          data: { ...asked, ownerId, videoId, source: 'speech', isTranslation: translate },
        })
    await tx.video.update({ where: { id: videoId }, data: { version: 0 } })
    return { captionId: caption.id, taskId: task.id }
  })
}

const UNFINISHED_STATES: TaskState[] = ['queued', 'in_progress']

/** Whether a task that has no track yet will make, or is about to find out, what is asked for. */
async function hasUnfinishedRequest(
  tx: Tx,
  { videoId, language, translate }: CaptionRequest & { videoId: string },
) {
  const tasks = await tx.task.findMany({
    where: { videoId, kind: captionVideoTask.name, state: { in: UNFINISHED_STATES }, captions: { none: {} } },
  })
  return tasks.some((task) => {
    const other = captionVideoTask.payload.parse(task.payload)
    const isSame = !language || !other.language || language === other.language
    return other.translate === translate && (translate || isSame)
  })
}

const captionInProgressError = () =>
  new AppError({
    code: 'caption.in_progress',
    message: 'These captions are already being generated.',
    status: 409,
  })

/** @throws {AppError} caption.not_found */
export async function updateCaption(
  db: Db,
  { id, ownerId, ...data }: { id: string; ownerId: string } & z.infer<typeof updateCaptionSchema>,
) {
  await db.$transaction(async (tx) => {
    const caption = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!caption) throw notFound('caption')
    await tx.caption.update({ where: { id }, data })
    await tx.video.update({ where: { id: caption.videoId }, data: { version: 0 } })
  })
}

/** Removes a track and its cues, and cancels the task that listens for it. @throws {AppError} caption.not_found */
export async function deleteCaption(
  { db, boss }: { db: Db; boss: PgBoss },
  { id, ownerId }: { id: string; ownerId: string },
) {
  const listening = await db.task.findFirst({
    where: {
      kind: captionVideoTask.name,
      state: { in: UNFINISHED_STATES },
      captions: { some: { id, ownerId } },
    },
  })
  // Before the track goes: without it the task would begin another.
  if (listening) await cancelTask({ db, boss, taskId: listening.id, ownerId }).catch(ignoreFinishedTask)
  await db.$transaction(async (tx) => {
    const caption = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!caption) throw notFound('caption')
    await tx.caption.delete({ where: { id } })
    await tx.video.update({ where: { id: caption.videoId }, data: { version: 0 } })
  })
}

function ignoreFinishedTask(error: unknown) {
  if (!(error instanceof AppError) || error.code !== 'task.finished') throw error
}
