import { stat } from 'node:fs/promises'
import { extractSubtitlesTask } from '@/lib/captions/tasks'
import type { Tx } from '@/lib/database/db'
import type { Video } from '@/lib/generated/prisma/client'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { videoKeys } from '@/lib/storage/keys'
import { planLadder } from '@/lib/videos/ladder'
import { inspectVideoTask } from '@/lib/videos/tasks'
import type { TaskRun, TaskHandler } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { probeSource } from './ffmpeg/probe-source'
import { loadVideo, removeFilesIfDeleted, withSourceFile } from '../media/load-video'

/** Probes the file and creates the rows of its planned renditions and its chapters. */
export const inspectVideo: TaskHandler<typeof inspectVideoTask> = {
  kind: inspectVideoTask,
  async run(run) {
    const { video } = await loadVideo(run)
    // An earlier inspection may have stored an indexed copy.
    const original = { ...video, indexedBytes: null }
    const { info, chapters, indexedBytes } = await withSourceFile(run, original, (sourcePath) =>
      inspectSource(run, { videoId: video.id, sourcePath }),
    )
    const ladder = planLadder(info)
    const rungs = [...(ladder.source ? [ladder.source] : []), ...ladder.encodes]
    const renditions = [
      ...rungs.map(({ name, mode, width, height, frameRate }) => ({ name, mode, width, height, frameRate })),
      ...ladder.audio.map(({ name, language, title, channels, renditionChannels }) => ({
        name,
        mode: 'audio' as const,
        language,
        label: title,
        channels: Math.min(channels, renditionChannels),
      })),
    ]
    run.log.info({ info }, 'file probed')
    return {
      result: {
        durationSeconds: info.durationSeconds,
        renditions: renditions.map((rendition) => rendition.name),
      },
      store: async (tx) => {
        await tx.rendition.createMany({
          data: renditions.map((rendition, position) => ({ ...rendition, position, videoId: video.id })),
          skipDuplicates: true,
        })
        await tx.chapter.deleteMany({ where: { videoId: video.id } })
        await tx.chapter.createMany({
          data: chapters.map((chapter, index) => ({ ...chapter, index, videoId: video.id })),
        })
        if (info.subtitles.length > 0) await enqueueSubtitleExtraction(tx, run, video)
        await tx.video.update({
          where: { id: video.id },
          data: {
            mediaInfo: info,
            ...(indexedBytes === null ? {} : { indexedBytes }),
            durationSeconds: info.durationSeconds,
            hasVideo: info.video !== null,
            width: info.video?.width,
            height: info.video?.height,
          },
        })
      },
    }
  },

  async discard(run) {
    if (await removeFilesIfDeleted(run)) return
    const { db, storage } = run.context
    const { videoId } = run.payload
    const unused = await db.video.count({ where: { id: videoId, indexedBytes: null } })
    if (unused > 0) await storage.removeAll(videoKeys(videoId).indexed)
  },
}

/** Probes the source and stores its indexed copy, if it needs one; `indexedBytes` is null otherwise. */
const inspectSource = (
  run: Pick<TaskRun<unknown>, 'taskId' | 'context' | 'signal'>,
  { videoId, sourcePath }: { videoId: string; sourcePath: string },
) =>
  withScratchDir(run, async (outputDir) => {
    const { signal } = run
    const { storage, config } = run.context
    const { info, chapters, copyPath } = await probeSource({
      path: sourcePath,
      outputDir,
      signal,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
    })
    if (!copyPath) return { info, chapters, indexedBytes: null }
    const { size: indexedBytes } = await stat(copyPath)
    await storage.moveIn(videoKeys(videoId).indexed, copyPath, { signal })
    return { info, chapters, indexedBytes }
  })

/** Starts with the other dependents of the inspection. */
const enqueueSubtitleExtraction = (tx: Tx, run: Pick<TaskRun<unknown>, 'context' | 'taskId'>, video: Video) =>
  enqueueTask(tx, run.context.boss, {
    kind: extractSubtitlesTask,
    ownerId: video.ownerId,
    subjectId: video.id,
    payload: { videoId: video.id },
    parentId: run.taskId,
  })
