import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/video-errors'
import type { Tx } from '../database/db'
import { AppError } from '../errors'
import type { Task, Video } from '../generated/prisma/client'
import { sendScheduleJob } from '../schedules/commands'
import { cancelIfUnfinished } from '../tasks/commands'
import { whereUnfinished } from '../tasks/queries'
import { describeFile, destroyed } from './describe-file'
import { clearDuplicates } from './duplicates'
import { lockVideo, requireVideo } from './require-video'
import { replaceFileTask, trimVideoTask } from './tasks'

// A new file of a video is first a video of its own (`replacesId`), which no list shows. Its tasks are those of any video. When
// they have ended, `video.replace` gives its files and rows to the other video, in one transaction; until then, that is not
// changed (decision 0114).

/** The kinds of tasks that make the file of another row that of a video. If they are canceled, or fail, it is destroyed. */
export const REPLACING_KINDS: string[] = [replaceFileTask.name, trimVideoTask.name]

interface Target {
  id: string
  ownerId: string
}

/** @throws {AppError} video.not_found, video.in_trash, video.upload_unfinished */
export async function requireReplaceable(tx: Tx, target: Target) {
  const video = await requireVideo(tx, target)
  if (video.sha256 !== null && video.replacesId === null) return video
  throw new AppError({
    code: 'video.upload_unfinished',
    message: messages.uploadUnfinished(),
    status: 409,
  })
}

/**
 * Returns the video whose file a stored one replaces; null if it was deleted meanwhile, so that the file becomes a new video. An
 * earlier replacement that is unfinished is canceled. @throws {AppError} upload.same_file
 */
export async function prepareReplacement(
  tx: Tx,
  boss: PgBoss,
  { id, ownerId, sha256 }: Target & { sha256: string },
) {
  const earlier = await tx.task.findMany({
    where: { videoId: id, kind: { in: REPLACING_KINDS }, ...whereUnfinished },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  for (const task of earlier) await cancelIfUnfinished(tx, { boss, taskId: task.id, ownerId })
  const video = await lockVideo(tx, { id, ownerId })
  if (!video || video.deletedAt) return null
  if (video.sha256 === sha256) throw sameFileError()
  return video
}

const sameFileError = () =>
  new AppError({
    code: 'upload.same_file',
    message: messages.sameFile(),
    status: 400,
  })

/**
 * Has the files of a replacement destroyed that failed or was canceled. Its task stays, without those that it waited for. A
 * trim can be retried; an uploaded file is gone.
 */
export async function discardReplacement(tx: Tx, boss: PgBoss, { id, kind, payload }: Task) {
  const isTrim = kind === trimVideoTask.name
  const replacementId = isTrim
    ? trimVideoTask.payload.parse(payload).trimmedId
    : replaceFileTask.payload.parse(payload).replacementId
  await tx.task.update({ where: { id }, data: { parentId: null, ...(!isTrim && { maxAttempts: 0 }) } })
  const { count } = await tx.video.updateMany({
    where: { id: replacementId, replacesId: { not: null } },
    data: destroyed(),
  })
  if (count > 0) await sendScheduleJob(tx, boss, 'videos.purge')
}

/** Files may differ by so much in length for captions and chapters to fit both. */
const SAME_LENGTH_SECONDS = 0.5

/**
 * Gives the files, renditions, captions, chapters and tasks of `next` to `video`, and the former files to `next`, which is then
 * destroyed. What users have edited stays if both are of the same length. The caller has locked both with their tasks.
 */
export async function swapFiles(
  tx: Tx,
  boss: PgBoss,
  {
    video,
    next,
    poster,
  }: { video: Video; next: Video; poster: { posterKey: string; hasCover: boolean } | null },
) {
  const [videoId, nextId] = [video.id, next.id]
  const isSameLength =
    Math.abs((video.durationSeconds ?? 0) - (next.durationSeconds ?? 0)) <= SAME_LENGTH_SECONDS
  await tx.rendition.deleteMany({ where: { videoId } })
  await tx.rendition.updateMany({ where: { videoId: nextId }, data: { videoId } })
  await replaceCaptions(tx, { videoId, nextId, isSameLength })
  const keepsChapters = isSameLength && video.chaptersEditedAt !== null
  if (!keepsChapters) {
    await tx.chapter.deleteMany({ where: { videoId } })
    await tx.chapter.updateMany({ where: { videoId: nextId }, data: { videoId } })
  }
  await moveTasks(tx, { videoId, nextId })
  await clearDuplicates(tx, videoId)
  // The whole file of a trimmed video is replaced too.
  await tx.video.updateMany({ where: { wholeOfId: videoId }, data: destroyed() })
  await tx.upload.deleteMany({ where: { videoId } })
  await tx.upload.updateMany({ where: { videoId: nextId }, data: { videoId } })
  await tx.video.update({
    where: { id: nextId },
    data: { ...describeFile(video), filesId: video.filesId ?? videoId, duplicateOfId: null, ...destroyed() },
  })
  await tx.video.update({
    where: { id: videoId },
    data: {
      ...describeFile(next),
      filesId: next.filesId ?? nextId,
      duplicateOfId: next.duplicateOfId,
      chaptersEditedAt: keepsChapters ? video.chaptersEditedAt : null,
      ...(poster ? { ...poster, imageBytes: null } : { posterSource: 'automatic' as const }),
      posterTaskId: null,
    },
  })
  await sendScheduleJob(tx, boss, 'videos.purge')
}

/** Keeps tracks that users have added or edited, if they fit. All others are replaced. */
async function replaceCaptions(
  tx: Tx,
  { videoId, nextId, isSameLength }: { videoId: string; nextId: string; isSameLength: boolean },
) {
  const byUsers = {
    OR: [{ source: { in: ['person' as const, 'sidecar' as const] } }, { revisions: { some: {} } }],
  }
  await tx.caption.deleteMany({ where: { videoId, ...(isSameLength && { NOT: byUsers }) } })
  // The new file has streams of its own.
  await tx.caption.updateMany({ where: { videoId }, data: { streamIndex: null } })
  await tx.caption.updateMany({ where: { videoId: nextId }, data: { videoId } })
}

const moveTasks = (tx: Tx, { videoId, nextId }: { videoId: string; nextId: string }) => tx.$executeRaw`
  UPDATE task SET "videoId" = ${videoId}::uuid, "subjectId" = ${videoId}::uuid,
    payload = jsonb_set(payload, '{videoId}', to_jsonb(${videoId}::text))
  WHERE "videoId" = ${nextId}::uuid`
