import { PROCESS_ID } from '@/lib/cluster/process-id'
import { touch } from '@/lib/database/touch'
import { currentKeys } from '@/lib/storage/keys'
import { planLadder } from '@/lib/videos/ladder'
import { copyStreamsTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import type { TaskHandler } from '../runtime/handler'
import { describeRenditions } from './describe-renditions'
import { discardRenditions } from './discard-renditions'
import { copyStreams, streamNames } from './ffmpeg/copy-streams'
import { createRenditionStore, loadRenditions } from './rendition-store'

/** Creates the source rung and the audio renditions of a video. */
export const copyVideoStreams: TaskHandler<typeof copyStreamsTask> = {
  kind: copyStreamsTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { config, db, storage } = run.context
    const planned = planLadder(info)
    const renditions = await loadRenditions(db, { videoId: video.id, names: streamNames(planned) })
    // An earlier run may have left out tracks.
    const audio = planned.audio.filter(({ name }) => renditions.some((rendition) => rendition.name === name))
    const ladder = { ...planned, audio }
    const names = streamNames(ladder)
    const store = createRenditionStore({ run, video, renditions, durationSeconds: info.durationSeconds })
    const startedAt = Date.now()
    const leftOut = await withSourceFile(run, video, (sourcePath) =>
      copyStreams({
        ...store,
        async onSegment(name, segment) {
          await store.onSegment(name, segment)
          const endSeconds = segment.startSeconds + segment.durationSeconds
          run.report({
            stage: messages.segmenting(),
            progress: Math.min(1, endSeconds / info.durationSeconds),
          })
        },
        sourcePath,
        info,
        ladder,
        signal: run.signal,
        memoryBytes: config.MEDIA_MEMORY_BYTES,
        wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
      }),
    )
    for (const name of leftOut) await storage.removeAll(currentKeys(video).rendition(name))
    run.log.info(
      { names, leftOut, durationMs: Date.now() - startedAt, workerId: PROCESS_ID },
      'streams copied',
    )
    return {
      store: async (tx) => {
        await tx.rendition.deleteMany({ where: { videoId: video.id, name: { in: leftOut } } })
        await tx.rendition.updateMany({
          where: { videoId: video.id, name: { in: names } },
          data: { state: 'done', progress: 1 },
        })
        await touch(tx, 'video', { id: video.id })
      },
    }
  },

  describeWhole: (payload, { db }) => describeRenditions(db, payload),
  discard: discardRenditions,
}
