import { extractSubtitles } from '@/lib/captions/kinds'
import type { Tx } from '@/lib/db'
import type { Video } from '@/lib/generated/prisma/client'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { planLadder } from '@/lib/videos/ladder'
import { inspectVideo } from '@/lib/videos/kinds'
import type { Run, TaskHandler } from '../handler'
import { probeMedia } from './engine/probe'
import { loadVideo } from './load'

/** Finds out what is in the file and writes down the renditions that will be made of it. */
export const inspect: TaskHandler<typeof inspectVideo> = {
  kind: inspectVideo,
  async run(run) {
    const { video, sourcePath } = await loadVideo(run)
    const info = await probeMedia({
      path: sourcePath,
      signal: run.signal,
      memoryBytes: run.context.config.MEDIA_MEMORY_BYTES,
    })
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
    run.log.info({ info }, 'read the file')
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
        if (info.subtitles.length > 0) await readSubtitles(tx, run, video)
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

/** Only where there are some. It is started with everything else that waits for the inspection. */
const readSubtitles = (tx: Tx, run: Pick<Run<unknown>, 'context' | 'taskId'>, video: Video) =>
  enqueueTask(tx, run.context.boss, {
    kind: extractSubtitles,
    ownerId: video.ownerId,
    videoId: video.id,
    payload: { videoId: video.id },
    after: run.taskId,
  })
