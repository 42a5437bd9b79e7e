import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/caption-errors'
import { config } from '../config/config'
import type { Db } from '../database/db'
import { touch } from '../database/touch'
import { AppError, notFound } from '../errors'
import { enqueueTask } from '../tasks/enqueue'
import { isFinished } from '../tasks/state'
import { checkStorageQuota } from '../uploads/storage-quota'
import { captionInProgressError } from './request-captions'
import { requireVideo } from '../videos/require-video'
import { translateCaptionTask } from './tasks'

/**
 * Requests a translation of a track by the configured service. An earlier one into the same language is translated again; cues
 * that a user has edited stay. Returns the IDs of track and task.
 * @throws {AppError} caption.not_found, video.in_trash, caption.translation_off, caption.in_progress, caption.not_translatable,
 * storage.quota_exceeded
 */
export async function requestTranslation(
  { db, boss }: { db: Db; boss: PgBoss },
  { id, ownerId, language }: { id: string; ownerId: string; language: string },
) {
  return db.$transaction(async (tx) => {
    const original = await tx.caption.findFirst({ where: { id, ownerId } })
    if (!original) throw notFound('caption')
    if (!config().TRANSLATION_URL) throw translationOffError()
    await checkStorageQuota(tx, { ownerId, growthBytes: 0 })
    const { videoId } = original
    await requireVideo(tx, { id: videoId, ownerId })
    if (!isFinished(original.state)) throw captionInProgressError()
    if (original.cueCount === 0 || isSameLanguage(original.language, language)) throw notTranslatableError()
    const earlier = await tx.caption.findFirst({ where: { videoId, language, source: 'translation' } })
    if (earlier && !isFinished(earlier.state)) throw captionInProgressError()
    const track =
      earlier ??
      (await tx.caption.create({
        data: { ownerId, videoId, language, source: 'translation', isTranslation: true },
      }))
    const task = await enqueueTask(tx, boss, {
      kind: translateCaptionTask,
      ownerId,
      subjectId: videoId,
      payload: { videoId, captionId: track.id, originalId: id },
    })
    await tx.caption.update({
      where: { id: track.id },
      data: { taskId: task.id, state: 'queued', doneSeconds: 0 },
    })
    await touch(tx, 'video', { id: videoId })
    return { captionId: track.id, taskId: task.id }
  })
}

const isSameLanguage = (one: string, other: string) => one.split('-')[0] === other.split('-')[0]

const translationOffError = () =>
  new AppError({
    code: 'caption.translation_off',
    message: messages.translationOff(),
    status: 409,
  })

const notTranslatableError = () =>
  new AppError({
    code: 'caption.not_translatable',
    message: messages.nothingToTranslate(),
    status: 409,
  })
