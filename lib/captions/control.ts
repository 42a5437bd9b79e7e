import type { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import { config } from '../config'
import type { Db } from '../db'
import { AppError, notFound } from '../errors'
import { enqueueTask } from '../tasks/enqueue'
import type { CaptionOrder, captionChangeSchema } from './contract'
import { captionVideo } from './kinds'
import { UNKNOWN_LANGUAGE } from './label'

/**
 * Asks for captions of a video. The track that was made by the same order before is made anew, and what a
 * person changed in it stays. Gives the ids of track and task.
 * @throws {AppError} video.not_found, caption.off, caption.no_sound, caption.in_progress
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
    const task = await enqueueTask(tx, boss, {
      kind: captionVideo,
      ownerId,
      videoId,
      payload: { videoId, language, translate },
    })
    const speech = await tx.caption.findMany({
      where: { videoId, source: 'speech', isTranslation: translate },
    })
    const earlier = speech.find((one) => translate || one.language === (language ?? one.language))
    if (earlier && ['queued', 'in_progress'].includes(earlier.state))
      throw new AppError({
        code: 'caption.in_progress',
        message: 'These captions are being made already.',
        status: 409,
      })
    const again = { state: 'queued', taskId: task.id, doneSeconds: 0, note: null } as const
    const caption = earlier
      ? await tx.caption.update({ where: { id: earlier.id }, data: again })
      : await tx.caption.create({
          data: {
            ownerId,
            videoId,
            language: translate ? 'en' : (language ?? UNKNOWN_LANGUAGE),
            source: 'speech',
            isTranslation: translate,
            taskId: task.id,
          },
        })
    await tx.video.update({ where: { id: videoId }, data: { version: 0 } })
    return { captionId: caption.id, taskId: task.id }
  })
}

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

/** Removes a track and its cues. A task that makes it stops by itself. @throws {AppError} caption.not_found */
export async function deleteCaption(db: Db, { id, ownerId }: { id: string; ownerId: string }) {
  await db.$transaction(async (tx) => {
    const caption = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!caption) throw notFound('caption')
    await tx.caption.delete({ where: { id } })
    await tx.video.update({ where: { id: caption.videoId }, data: { version: 0 } })
  })
}
