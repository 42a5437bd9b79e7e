import path from 'node:path'
import { errorCode, PermanentError } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'
import { currentKeys, thumbnailKey } from '@/lib/storage/keys'
import { sumImageBytes } from '@/lib/videos/count-stored-files'
import type { PosterChoice } from '@/lib/videos/poster-schema'
import { changePosterTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/media-errors'
import * as stageMessages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo, removeFilesIfDeleted, withSourceFile } from '../media/load-video'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { renderPicture } from './ffmpeg/cover'
import { generateFrame } from './ffmpeg/frame'
import { renderPoster } from './render-poster'
import { storePoster } from './store-poster'

type Run = TaskRun<{ videoId: string; choice: PosterChoice }>

/** Creates the poster that the owner of a video has chosen, unless the owner has chosen another one since. */
export const changePoster: TaskHandler<typeof changePosterTask> = {
  kind: changePosterTask,
  async run(run) {
    const { video } = await loadInspectedVideo(run)
    const { storage } = run.context
    const { taskId } = run
    const posterKey = currentKeys(video).chosenPoster(taskId)
    if (video.posterTaskId !== taskId) return supersede(run, video)
    // An earlier run may have stored it.
    if (video.posterKey !== posterKey) {
      const hasCover = await withScratchDir(run, async (outputDir) => {
        const created = await createPoster(run, video, outputDir)
        await storePoster(run, { key: posterKey, poster: created.poster, outputDir })
        return created.hasCover
      })
      const posterSource = run.payload.choice.source
      const { count } = await run.write((tx) =>
        tx.video.updateMany({
          where: { id: video.id, posterTaskId: taskId },
          data: { posterKey, posterSource, hasCover, imageBytes: null },
        }),
      )
      if (count === 0) return supersede(run, video)
    }
    await removeEarlierPosters(run, video)
    const imageBytes = await sumImageBytes(storage, video)
    return {
      store: async (tx) => void (await tx.video.update({ where: { id: video.id }, data: { imageBytes } })),
    }
  },

  async discard(run) {
    if (await removeFilesIfDeleted(run)) return
    const video = await run.context.db.video.findUnique({ where: { id: run.payload.videoId } })
    if (video) await removeOwnFiles(run, video)
  },
}

async function createPoster(run: Run, video: Video, outputDir: string) {
  const { choice } = run.payload
  const { signal, context } = run
  const limits = { outputDir, signal, memoryBytes: context.config.MEDIA_MEMORY_BYTES }
  if (choice.source === 'picture')
    return {
      poster: await renderUploadedPicture(run, video, { ...limits, demuxer: `${choice.type}_pipe` }),
      hasCover: true,
    }
  const { info } = await loadInspectedVideo(run)
  run.report({ stage: stageMessages.reading(), progress: 0.1 })
  return withSourceFile(run, video, async (sourcePath) => {
    const options = { ...limits, sourcePath, info }
    if (choice.source === 'automatic') return renderPoster(run, video, options)
    return { poster: await generateFrame({ ...options, atSeconds: choice.atSeconds }), hasCover: false }
  })
}

async function renderUploadedPicture(
  run: Run,
  video: Video,
  options: { outputDir: string; signal: AbortSignal; memoryBytes: number; demuxer: string },
) {
  const { storage } = run.context
  const key = currentKeys(video).uploadedPicture(run.taskId)
  try {
    return await storage.withLocalFile({ key, signal: run.signal }, (sourcePath) =>
      renderPicture({ ...options, sourcePath, streamIndex: 0 }),
    )
  } catch (cause) {
    if (errorCode(cause) === 'file.not_found') throw pictureMissing(cause)
    if (!(cause instanceof PermanentError) || cause.code !== 'video.unreadable') throw cause
    await removeOwnFiles(run, video)
    throw new PermanentError({
      code: 'poster.unreadable',
      message: messages.pictureUnreadable(),
      advice: messages.pictureUnreadableAdvice(),
      cause,
    })
  }
}

/** A permanent failure has removed it. */
const pictureMissing = (cause: unknown) =>
  new PermanentError({
    code: 'poster.file_missing',
    message: messages.pictureMissing(),
    advice: messages.pictureMissingAdvice(),
    cause,
  })

async function supersede(run: Run, video: Video) {
  await removeOwnFiles(run, video)
  return { result: { isSuperseded: true } }
}

type OwnFiles = Pick<Run, 'taskId' | 'context'>

/** Removes the files of this task, except the poster if it is that of the video. */
async function removeOwnFiles({ taskId, context }: OwnFiles, video: Video) {
  const keys = currentKeys(video)
  await context.storage.removeAll(keys.uploadedPicture(taskId))
  const poster = keys.chosenPoster(taskId)
  if (video.posterKey === poster) return
  await context.storage.removeAll(poster)
  await context.storage.removeAll(thumbnailKey(poster))
}

/** Removes the automatic poster and the files of earlier tasks, whose ids are lower. Those of later ones may be waiting. */
async function removeEarlierPosters(run: Run, video: Video) {
  const { storage } = run.context
  const keys = currentKeys(video)
  await storage.removeAll(keys.uploadedPicture(run.taskId))
  await storage.removeAll(keys.poster)
  await storage.removeAll(thumbnailKey(keys.poster))
  for (const file of await storage.list(keys.posters))
    if (path.parse(file).name < run.taskId) await storage.removeAll(`${keys.posters}/${file}`)
}
