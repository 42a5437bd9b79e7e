import { errorCode, PermanentError } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'
import { currentKeys, videoKeys } from '@/lib/storage/keys'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import * as messages from '@/lib/generated/messages/media-errors'
import type { TaskRun } from '../runtime/handler'

type VideoRun = Pick<TaskRun<{ videoId: string }>, 'payload' | 'context'>

/** Loads the video of a task. @throws {PermanentError} video.deleted */
export async function loadVideo({ payload, context }: VideoRun) {
  const video = await context.db.video.findUnique({ where: { id: payload.videoId } })
  if (!video) throw new PermanentError({ code: 'video.deleted', message: messages.deleted() })
  return { video }
}

/**
 * Runs `work` with the path of a local file that holds the source of the video, or its indexed copy if it has one.
 * @throws {PermanentError} video.file_missing
 */
export async function withSourceFile<T>(
  { context: { storage }, signal }: Pick<TaskRun<unknown>, 'context' | 'signal'>,
  video: Pick<Video, 'id' | 'filesId' | 'sourceKey' | 'sha256' | 'indexedBytes'>,
  work: (sourcePath: string) => Promise<T>,
) {
  const file =
    video.indexedBytes === null
      ? { key: video.sourceKey, sha256: video.sha256 ?? undefined }
      : { key: currentKeys(video).indexed }
  try {
    return await storage.withLocalFile({ ...file, signal }, work)
  } catch (error) {
    const isMissing = errorCode(error) === 'file.not_found' && !(await storage.stat(file.key, { signal }))
    throw isMissing ? fileMissing(error) : error
  }
}

// Further attempts would not bring it back.
const fileMissing = (cause: unknown) =>
  new PermanentError({
    code: 'video.file_missing',
    message: messages.fileMissing(),
    advice: messages.fileMissingAdvice(),
    cause,
  })

/**
 * As `loadVideo`, with the result of the inspection, for tasks that depend on it.
 * @throws {PermanentError} video.deleted
 */
export async function loadInspectedVideo(run: VideoRun) {
  const loaded = await loadVideo(run)
  return { ...loaded, info: mediaInfoSchema.parse(loaded.video.mediaInfo) }
}

/** Removes files that a run stored after its video was deleted. Returns whether it was deleted. Idempotent. */
export async function removeFilesIfDeleted({ payload, context }: VideoRun) {
  if (await context.db.video.findUnique({ where: { id: payload.videoId }, select: { id: true } }))
    return false
  await context.storage.removeAll(videoKeys(payload.videoId).folder)
  return true
}
