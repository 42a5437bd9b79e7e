import { extractSubtitlesTask } from '@/lib/captions/tasks'
import type { Tx } from '@/lib/database/db'
import type { Video } from '@/lib/generated/prisma/client'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { planLadder } from '@/lib/videos/ladder'
import { inspectVideoTask } from '@/lib/videos/tasks'
import type { TaskRun, TaskHandler } from '../runtime/handler'
import { probeMedia } from './ffmpeg/probe-media'
import { loadVideo, withSourceFile } from '../media/load-video'

/** Probes the file and creates the rows of its planned renditions. */
export const inspectVideo: TaskHandler<typeof inspectVideoTask> = {
  kind: inspectVideoTask,
  async run(run) {
    const { video } = await loadVideo(run)
    const info = await withSourceFile(run, video, (sourcePath) =>
      probeMedia({
        path: sourcePath,
        signal: run.signal,
        memoryBytes: run.context.config.MEDIA_MEMORY_BYTES,
      }),
    )
    const ladder = planLadder(info)
    const rungs = [...(ladder.source ? [ladder.source] : []), ...ladder.encodes]
    const renditions = [
      ...rungs.map(({ name, mode, width, height, frameRate }) => ({ name, mode, width, height, frameRate })),
      ...ladder.audio.map(({ name, language, title }) => ({
        name,
        mode: 'audio' as const,
        language,
        label: title,
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
        if (info.subtitles.length > 0) await enqueueSubtitleExtraction(tx, run, video)
        await tx.video.update({
          where: { id: video.id },
          data: {
            mediaInfo: info,
            durationSeconds: info.durationSeconds,
            hasVideo: info.video !== null,
            width: info.video?.width,
            height: info.video?.height,
          },
        })
      },
    }
  },
}

/** Starts with the other dependents of the inspection. */
const enqueueSubtitleExtraction = (tx: Tx, run: Pick<TaskRun<unknown>, 'context' | 'taskId'>, video: Video) =>
  enqueueTask(tx, run.context.boss, {
    kind: extractSubtitlesTask,
    ownerId: video.ownerId,
    subjectId: video.id,
    payload: { videoId: video.id },
    parentId: run.taskId,
  })
