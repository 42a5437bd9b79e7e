import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/video-errors'
import type { Db, Tx } from '../database/db'
import { uuidV7 } from '../database/uuid-v7'
import { AppError } from '../errors'
import type { Video } from '../generated/prisma/client'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { currentKeys } from '../storage/keys'
import type { Storage } from '../storage/storage'
import { enqueueTask } from '../tasks/enqueue'
import { detectPictureType } from './picture-file'
import type { PosterChoice } from './poster-schema'
import { requireVideo } from './require-video'
import { changePosterTask } from './tasks'

interface Deps {
  db: Db
  boss: PgBoss
}

interface Target {
  id: string
  ownerId: string
}

/**
 * Has a worker create the poster that a user has chosen. The last choice wins; until its task is done, the earlier poster stays.
 * Returns the id of the task.
 * @throws {AppError} video.not_found, video.in_trash, video.not_inspected, poster.no_frames, poster.out_of_range, rate.limited
 */
export async function choosePoster({ db, boss }: Deps, target: Target & { choice: PosterChoice }) {
  await spendChangeLimit(db, target)
  return db.$transaction((tx) => enqueueChoice(tx, boss, { ...target, taskId: uuidV7() }))
}

/**
 * As `choosePoster`, with an uploaded picture. Only the worker reads it, and only what it has encoded again is served.
 * @throws {AppError} poster.unsupported_type too
 */
export async function uploadPoster(
  { db, boss, storage }: Deps & { storage: Storage },
  { bytes, ...target }: Target & { bytes: Uint8Array },
) {
  const choice = { source: 'picture', type: detectPictureType(bytes) } as const
  const taskId = uuidV7()
  await spendChangeLimit(db, target)
  // Checked before a file is stored, and again with the video locked.
  const video = await db.$transaction((tx) => requirePoster(tx, { ...target, choice }))
  const key = currentKeys(video).uploadedPicture(taskId)
  await storage.put(key, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  try {
    return await db.$transaction((tx) => enqueueChoice(tx, boss, { ...target, choice, taskId }))
  } catch (error) {
    await storage.removeAll(key)
    throw error
  }
}

/** Pictures occupy the storage, outside the quota, until a worker has read them. */
const spendChangeLimit = (db: Db, { ownerId }: Target) =>
  spendRateLimit(db, { ownerId, action: 'video.poster', perMinute: 30 })

/** As `choosePoster` in a transaction, for a task of this id, without a limit. */
export async function enqueueChoice(
  tx: Tx,
  boss: PgBoss,
  { taskId, ...request }: Target & { choice: PosterChoice; taskId: string },
) {
  const { id, ownerId, choice } = request
  await requirePoster(tx, request)
  await enqueueTask(tx, boss, {
    id: taskId,
    kind: changePosterTask,
    ownerId,
    subjectId: id,
    payload: { videoId: id, choice },
  })
  await tx.video.update({ where: { id }, data: { posterTaskId: taskId } })
  return taskId
}

async function requirePoster(tx: Tx, { choice, ...target }: Target & { choice: PosterChoice }) {
  const video = await requireVideo(tx, target)
  if (video.mediaInfo === null) throw notInspectedError()
  if (choice.source === 'frame') requireFrame(video, choice.atSeconds)
  return video
}

function requireFrame({ hasVideo, durationSeconds }: Video, atSeconds: number) {
  if (!hasVideo)
    throw new AppError({
      code: 'poster.no_frames',
      message: messages.noFrames(),
      status: 422,
    })
  if (atSeconds > (durationSeconds ?? 0))
    throw new AppError({
      code: 'poster.out_of_range',
      message: messages.frameOutOfRange({ seconds: durationSeconds ?? 0 }),
      status: 422,
    })
}

const notInspectedError = () =>
  new AppError({
    code: 'video.not_inspected',
    message: messages.posterNotInspected(),
    status: 409,
  })
