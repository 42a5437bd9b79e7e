import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/trim-errors'
import type { Tx } from '../../database/db'
import { uuidV7 } from '../../database/uuid-v7'
import { AppError } from '../../errors'
import type { Video } from '../../generated/prisma/client'
import { sourceKey } from '../../storage/keys'
import { whereUnfinished } from '../../tasks/queries'
import { checkStorageQuota } from '../../uploads/storage-quota'
import { lockTasksOfVideo } from '../lock-tasks-of-video'
import { mediaInfoSchema } from '../media-info'
import { requireVideo } from '../require-video'
import { replaceFileTask, transcodeVideoTask, trimVideoTask } from '../tasks'
import { cancelTrims } from './cancel-trims'
import type { TrimRange } from './schema'
import { snapToFrames } from './snap-to-frames'

/** Less than that is no video. */
const MIN_SECONDS = 0.5
const MAX_UNFINISHED = 3

export interface RequestedTrim extends TrimRange {
  id: string
  ownerId: string
  /** The folder of the whole file for which the range was requested. Default: any. */
  baseFilesId?: string
}

/**
 * Creates the row that has the trimmed files of a video until its trim is done, and cancels the unfinished trim before it.
 * Returns the payload of the task.
 * @throws {AppError} video.not_found, video.in_trash, video.not_done, video.being_replaced, trim.outdated, trim.out_of_range,
 * trim.unchanged, trim.too_many, storage.quota_exceeded
 */
export async function prepareTrim(tx: Tx, boss: PgBoss, request: RequestedTrim) {
  const { id, ownerId } = request
  await lockTasksOfVideo(tx, id)
  await cancelTrims(tx, boss, { id, ownerId })
  const video = await requireVideo(tx, { id, ownerId })
  await requireDone(tx, video)
  const whole = (await tx.video.findUnique({ where: { wholeOfId: id } })) ?? video
  const baseFilesId = whole.filesId ?? whole.id
  if (request.baseFilesId && request.baseFilesId !== baseFilesId) throw outdatedError()
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
      isCut: true,
      sourceKey: sourceKey(trimmedId, '.mp4'),
      replacesId: id,
    },
  })
  return { videoId: id, trimmedId, baseFilesId, ...range }
}

const trimmedFilename = (filename: string) => `${filename.replace(/\.[a-z0-9]{1,5}$/i, '')}.mp4`

/** Other tasks are waited for. */
async function requireDone(tx: Tx, { id, sha256, replacesId }: Video) {
  const [transcode] = await tx.task.findMany({
    where: { videoId: id, kind: transcodeVideoTask.name },
    orderBy: { id: 'desc' },
    take: 1,
    select: { state: true },
  })
  if (sha256 === null || replacesId !== null || transcode?.state !== 'done') throw notDoneError()
  const replacement = { videoId: id, kind: replaceFileTask.name, ...whereUnfinished }
  if ((await tx.task.count({ where: replacement })) > 0) throw beingReplacedError()
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

const outdatedError = () =>
  new AppError({
    code: 'trim.outdated',
    message: messages.outdated(),
    status: 409,
  })
