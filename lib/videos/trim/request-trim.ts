import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/trim-errors'
import type { Db, Tx } from '../../database/db'
import { uuidV7 } from '../../database/uuid-v7'
import { AppError } from '../../errors'
import type { Video } from '../../generated/prisma/client'
import { spendRateLimit } from '../../rate-limits/spend-rate-limit'
import { sourceKey } from '../../storage/keys'
import { cancelIfUnfinished } from '../../tasks/commands'
import { enqueueTask } from '../../tasks/enqueue'
import { whereUnfinished } from '../../tasks/queries'
import { checkStorageQuota } from '../../uploads/storage-quota'
import { lockTasksOfVideo } from '../lock-tasks-of-video'
import { mediaInfoSchema } from '../media-info'
import { requireVideo } from '../require-video'
import {
  compressVideoTask,
  replaceFileTask,
  transcodeVideoTask,
  trimVideoTask,
  verifyVideoTask,
} from '../tasks'
import type { TrimRange } from './schema'
import { snapToFrames } from './snap-to-frames'

/** Less than that is no video. */
const MIN_SECONDS = 0.5
const MAX_UNFINISHED = 3

interface Request extends TrimRange {
  id: string
  ownerId: string
}

/**
 * Has a worker trim a video to a range of its whole file, which plays until the task is done. A request cancels the unfinished
 * one before it. Returns the id of the task.
 * @throws {AppError} video.not_found, video.in_trash, video.not_done, trim.out_of_range, trim.unchanged, trim.too_many,
 * storage.quota_exceeded, rate.limited
 */
export async function requestTrim({ db, boss }: { db: Db; boss: PgBoss }, request: Request) {
  const { id, ownerId } = request
  await spendRateLimit(db, { ownerId, action: 'video.trim', perMinute: 10 })
  return db.$transaction(async (tx) => {
    await lockTasksOfVideo(tx, id)
    await cancelTrims(tx, boss, { id, ownerId })
    const video = await requireVideo(tx, { id, ownerId })
    await requireDone(tx, video)
    const whole = (await tx.video.findUnique({ where: { wholeOfId: id } })) ?? video
    const range = requireRange(request, whole, video)
    await requireFewTrims(tx, ownerId)
    await checkStorageQuota(tx, { ownerId, growthBytes: await estimateBytes(tx, whole, range) })
    const trimmedId = uuidV7()
    await tx.video.create({
      data: {
        id: trimmedId,
        ownerId,
        title: video.title,
        filename: trimmedFilename(whole.filename),
        sizeBytes: 0,
        // Of no upload: the checksum of the trimmed file follows.
        sha256: '',
        sourceKey: sourceKey(trimmedId, '.mp4'),
        replacesId: id,
      },
    })
    const { id: taskId } = await enqueueTask(tx, boss, {
      kind: trimVideoTask,
      ownerId,
      subjectId: id,
      payload: { videoId: id, trimmedId, ...range },
    })
    return taskId
  })
}

/** Cancels the unfinished trims of a video, whose tasks are locked. */
export async function cancelTrims(tx: Tx, boss: PgBoss, { id, ownerId }: { id: string; ownerId: string }) {
  const unfinished = await tx.task.findMany({
    where: { videoId: id, ownerId, kind: trimVideoTask.name, ...whereUnfinished },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  for (const task of unfinished) await cancelIfUnfinished(tx, { boss, taskId: task.id, ownerId })
}

const trimmedFilename = (filename: string) => `${filename.replace(/\.[a-z0-9]{1,5}$/i, '')}.mp4`

/** Optional work, which starts again with the trimmed file or ends. */
const OPTIONAL = [compressVideoTask.name, verifyVideoTask.name, trimVideoTask.name]

async function requireDone(tx: Tx, { id, sha256, replacesId }: Video) {
  const [transcode] = await tx.task.findMany({
    where: { videoId: id, kind: transcodeVideoTask.name },
    orderBy: { id: 'desc' },
    take: 1,
    select: { state: true },
  })
  if (sha256 === null || replacesId !== null || transcode?.state !== 'done') throw notDoneError()
  const busy = await tx.task.findFirst({
    where: { videoId: id, partOfId: null, kind: { notIn: OPTIONAL }, ...whereUnfinished },
    select: { kind: true },
  })
  if (!busy) return
  if (busy.kind === replaceFileTask.name) throw beingReplacedError()
  throw notDoneError()
}

function requireRange(request: TrimRange, whole: Video, video: Video) {
  const info = mediaInfoSchema.parse(whole.mediaInfo)
  const { durationSeconds } = info
  const range = snapToFrames(request, info)
  if (request.endSeconds > durationSeconds + 0.5 || range.endSeconds - range.startSeconds < MIN_SECONDS)
    throw outOfRangeError(durationSeconds)
  const isWhole = range.startSeconds === 0 && range.endSeconds === durationSeconds
  const isSame =
    whole.id !== video.id &&
    range.startSeconds === whole.trimStartSeconds &&
    range.endSeconds === whole.trimEndSeconds
  if (isWhole || isSame) throw unchangedError()
  return range
}

/** The owner is locked by the quota afterwards, so that a concurrent request may exceed it by one. */
async function requireFewTrims(tx: Tx, ownerId: string) {
  const count = await tx.task.count({ where: { ownerId, kind: trimVideoTask.name, ...whereUnfinished } })
  if (count < MAX_UNFINISHED) return
  throw new AppError({
    code: 'trim.too_many',
    message: messages.tooMany({ maximum: MAX_UNFINISHED }),
    status: 429,
  })
}

/** Estimates the size of the trimmed files: renditions, downloads, and the best one again as the file. */
async function estimateBytes(
  tx: Tx,
  { id, durationSeconds }: Video,
  { startSeconds, endSeconds }: TrimRange,
) {
  const renditions = await tx.rendition.findMany({
    where: { videoId: id },
    orderBy: { position: 'asc' },
    select: { segmentBytes: true, downloadBytes: true },
  })
  const bytes = renditions.reduce(
    (sum, { segmentBytes, downloadBytes }, n) =>
      sum + Number(segmentBytes) * (n === 0 ? 2 : 1) + Number(downloadBytes ?? 0),
    0,
  )
  return Math.ceil((bytes * (endSeconds - startSeconds)) / Math.max(1, durationSeconds ?? 1))
}

const notDoneError = () =>
  new AppError({
    code: 'video.not_done',
    message: messages.notDone(),
    status: 409,
  })

const beingReplacedError = () =>
  new AppError({
    code: 'video.being_replaced',
    message: messages.beingReplaced(),
    status: 409,
  })

const outOfRangeError = (durationSeconds: number) =>
  new AppError({
    code: 'trim.out_of_range',
    message: messages.outOfRange({ minimum: MIN_SECONDS, whole: Math.round(durationSeconds * 10) / 10 }),
    status: 422,
  })

const unchangedError = () =>
  new AppError({
    code: 'trim.unchanged',
    message: messages.unchanged(),
    status: 422,
  })
