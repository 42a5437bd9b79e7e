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
import { touch } from '../database/touch'

/**
 * Requests captions for a video. The track of an earlier equal request is generated again and retains its edited cues.
 * Returns the IDs of track and task.
 * @throws {AppError} video.not_found, caption.off, caption.in_progress
 */
export async function requestCaptions(
  { db, boss }: { db: Db; boss: PgBoss },
  request: CaptionRequest & { videoId: string; ownerId: string },
) {
  const { videoId, ownerId, language, translate } = request
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM video WHERE id = ${videoId}::uuid FOR UPDATE`
    const video = await tx.video.findFirst({ where: { id: videoId, ownerId } })
    if (!video) throw notFound('video')
    if (config().CAPTIONS === 'none') throw captionsOffError()
    const speech = await tx.caption.findMany({
      where: { videoId, source: 'speech', isTranslation: translate },
    })
    const earlier = speech.find((track) => translate || !language || track.language === language)
    if ((earlier && UNFINISHED_STATES.includes(earlier.state)) || (await hasUnfinishedRequest(tx, request)))
      throw captionInProgressError()
    const task = await enqueueTask(tx, boss, {
      kind: captionVideoTask,
      ownerId,
      subjectId: videoId,
      payload: { videoId, language, translate },
    })
    // Unless a language is requested, it is detected again.
    const requested = { language: translate ? 'en' : (language ?? UNKNOWN_LANGUAGE), taskId: task.id }
    const reset = { ...requested, state: 'queued', doneSeconds: 0, note: null } as const
    const caption = earlier
      ? await tx.caption.update({ where: { id: earlier.id }, data: reset })
      : await tx.caption.create({
          data: { ...requested, ownerId, videoId, source: 'speech', isTranslation: translate },
        })
    await touch(tx, 'video', { id: videoId })
    return { captionId: caption.id, taskId: task.id }
  })
}

const UNFINISHED_STATES: TaskState[] = ['queued', 'in_progress']

/** Whether an unfinished task without a track may generate the requested captions. */
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

const captionsOffError = () =>
  new AppError({
    code: 'caption.off',
    message: 'Captions are turned off on this server (CAPTIONS=none).',
    status: 409,
  })

const captionInProgressError = () =>
  new AppError({
    code: 'caption.in_progress',
    message: 'These captions are already being generated.',
    status: 409,
  })

/** Updates the language or label of a track. @throws {AppError} caption.not_found */
export async function updateCaption(
  db: Db,
  { id, ownerId, ...data }: { id: string; ownerId: string } & z.infer<typeof updateCaptionSchema>,
) {
  await db.$transaction(async (tx) => {
    const caption = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!caption) throw notFound('caption')
    await tx.caption.update({ where: { id }, data })
    await touch(tx, 'video', { id: caption.videoId })
  })
}

/** Deletes a track with its cues and cancels its transcription. @throws {AppError} caption.not_found */
export async function deleteCaption(
  { db, boss }: { db: Db; boss: PgBoss },
  { id, ownerId }: { id: string; ownerId: string },
) {
  const transcription = await db.task.findFirst({
    where: {
      kind: captionVideoTask.name,
      state: { in: UNFINISHED_STATES },
      captions: { some: { id, ownerId } },
    },
  })
  // Canceled first, because a running task would create the track again.
  if (transcription)
    await cancelTask({ db, boss, taskId: transcription.id, ownerId }).catch(ignoreFinishedTask)
  await db.$transaction(async (tx) => {
    const caption = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!caption) throw notFound('caption')
    await tx.caption.delete({ where: { id } })
    await touch(tx, 'video', { id: caption.videoId })
  })
}

function ignoreFinishedTask(error: unknown) {
  if (!(error instanceof AppError) || error.code !== 'task.finished') throw error
}
