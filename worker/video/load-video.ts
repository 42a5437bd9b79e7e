import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { PermanentError } from '@/lib/errors'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import type { TaskRun } from '../runtime/handler'

type VideoRun = Pick<TaskRun<{ videoId: string }>, 'payload' | 'context' | 'taskId'>

/** The video of a task, and a local path of its source. @throws {PermanentError} when it was deleted. */
export async function loadVideo({ payload, context }: VideoRun) {
  const video = await context.db.video.findUnique({ where: { id: payload.videoId } })
  if (!video) throw new PermanentError({ code: 'video.deleted', message: 'The video was deleted.' })
  return { video, sourcePath: await context.storage.localPath(video.sourceKey) }
}

/** Also what inspecting found; the task waits for that, so it is there. */
export async function loadInspectedVideo(run: VideoRun) {
  const loaded = await loadVideo(run)
  return { ...loaded, info: mediaInfoSchema.parse(loaded.video.mediaInfo) }
}

/** A folder for the time of `work`, removed whatever happens. */
export async function withScratchDir<T>(run: VideoRun, work: (dir: string) => Promise<T>) {
  const dir = path.join(run.context.scratchDir, run.taskId)
  // The sandbox runs programs as nobody.
  await mkdir(dir, { recursive: true, mode: 0o777 })
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

export const videoPrefix = (videoId: string) => `videos/${videoId}`

/** What a run wrote after its video was deleted. True when that is so. */
export async function removeFilesIfDeleted({ payload, context }: Pick<VideoRun, 'payload' | 'context'>) {
  if (await context.db.video.findUnique({ where: { id: payload.videoId }, select: { id: true } }))
    return false
  await context.storage.removeAll(videoPrefix(payload.videoId))
  return true
}
