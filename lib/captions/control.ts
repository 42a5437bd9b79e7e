import type { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import { config } from '../config'
import type { Db, Tx } from '../db'
import { AppError, notFound } from '../errors'
import type { TaskState } from '../generated/prisma/client'
import { cancelTask } from '../tasks/control'
import { enqueueTask } from '../tasks/enqueue'
import type { CaptionOrder, captionChangeSchema } from './contract'
import { captionVideo } from './kinds'
import { UNKNOWN_LANGUAGE } from './label'

/**
 * Asks for captions of a video. The track that was made by the same order before is made anew, and what a
 * person changed in it stays. Gives the ids of track and task.
 * @throws {AppError} video.not_found, caption.off, caption.in_progress
 */
export async function requestCaptions(
  { db, boss }: { db: Db; boss: PgBoss },
  order: CaptionOrder & { videoId: string; ownerId: string },
) {
  const { videoId, ownerId, language, translate } = order
  if (config().CAPTIONS === 'none')
    throw new AppError({
      code: 'caption.off',
      message: 'This server listens to no videos (CAPTIONS=none).',
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
    if ((earlier && OPEN.includes(earlier.state)) || (await isUnderWay(tx, order))) throw inProgress()
    const task = await enqueueTask(tx, boss, {
      kind: captionVideo,
      ownerId,
      videoId,
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

const OPEN: TaskState[] = ['queued', 'in_progress']

/** Whether a task that has no track yet will make, or is about to find out, what is asked for. */
async function isUnderWay(tx: Tx, { videoId, language, translate }: CaptionOrder & { videoId: string }) {
  const tasks = await tx.task.findMany({
    where: { videoId, kind: captionVideo.name, state: { in: OPEN }, captions: { none: {} } },
  })
  return tasks.some((task) => {
    const other = captionVideo.payload.parse(task.payload)
    const isSame = !language || !other.language || language === other.language
    return other.translate === translate && (translate || isSame)
  })
}

const inProgress = () =>
  new AppError({
    code: 'caption.in_progress',
    message: 'These captions are being made already.',
    status: 409,
  })

/** @throws {AppError} caption.not_found */
export async function changeCaption(
  db: Db,
  { id, ownerId, ...data }: { id: string; ownerId: string } & z.infer<typeof captionChangeSchema>,
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
    where: { kind: captionVideo.name, state: { in: OPEN }, captions: { some: { id, ownerId } } },
  })
  // Before the track goes: without it the task would begin another.
  if (listening) await cancelTask({ db, boss, taskId: listening.id, ownerId }).catch(unlessFinished)
  await db.$transaction(async (tx) => {
    const caption = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!caption) throw notFound('caption')
    await tx.caption.delete({ where: { id } })
    await tx.video.update({ where: { id: caption.videoId }, data: { version: 0 } })
  })
}

function unlessFinished(error: unknown) {
  if (!(error instanceof AppError) || error.code !== 'task.finished') throw error
}
