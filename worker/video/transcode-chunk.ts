import type { ZodType } from 'zod'
import { PROCESS_ID } from '@/lib/cluster/process-id'
import type { TaskKind } from '@/lib/tasks/task-kind'
import { type Chunk, firstSegmentIndex, chunkSeconds } from '@/lib/videos/chunks'
import type { EncodingPayload } from '@/lib/videos/encoded-by'
import { planExtraLadder, planLadder, segmentIndexAt } from '@/lib/videos/ladder'
import { rungLabel } from '@/lib/videos/extra-codecs'
import type { HardwareEncoder } from '@/lib/videos/video-encoders'
import { compressChunkTask, transcodeChunkTask, transcodeStartTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import { NICENESS } from '../process/niceness'
import type { TaskHandler } from '../runtime/handler'
import { describeRenditions } from './describe-renditions'
import { discardRenditions } from './discard-renditions'
import { requireHardware, withFallback } from './encoders/fall-back'
import { encodeChunk } from './ffmpeg/encode-chunk'
import { createRenditionStore, loadRenditions } from './rendition-store'

type ChunkHandler = Omit<
  TaskHandler<TaskKind<string, ZodType<EncodingPayload & Chunk & { encoder?: HardwareEncoder }>>>,
  'kind'
>

/** Encodes all rungs of one chunk of a video. An interrupted run starts again, and skips what is stored. */
const encodeAtNiceness = (niceness: number): ChunkHandler => ({
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { startSeconds, endSeconds, codec, encoder } = run.payload
    const hardware = encoder && (await requireHardware(run, encoder))
    const chunk = { startSeconds, endSeconds }
    const { config, db } = run.context
    const ladder = codec ? planExtraLadder(info, codec) : planLadder(info)
    const renditions = await loadRenditions(db, {
      videoId: video.id,
      names: ladder.encodes.map(({ name }) => name),
      segmentIndexes: {
        gte: firstSegmentIndex(chunk),
        lt: endSeconds === null ? undefined : segmentIndexAt(endSeconds),
      },
    })
    const lengthSeconds = chunkSeconds(chunk, info)
    const startedAt = Date.now()
    const encoding = withSourceFile(run, video, (sourcePath) =>
      encodeChunk({
        ...createRenditionStore({ run, video, renditions, durationSeconds: info.durationSeconds }),
        chunk,
        sourcePath,
        info,
        ladder,
        signal: run.signal,
        niceness,
        hardware,
        threads: config.MEDIA_THREADS,
        memoryBytes: config.MEDIA_MEMORY_BYTES,
        wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
        onProgress: ({ mediaSeconds, speed }) =>
          run.report({
            stage: messages.transcoding({ name: rungLabel(ladder.encodes[0]!) }),
            progress: Math.min(1, mediaSeconds / lengthSeconds),
            detail: { speed: speed ?? undefined },
          }),
      }),
    )
    await (hardware ? withFallback(run, encoding) : encoding)
    const durationMs = Date.now() - startedAt
    run.log.info({ startSeconds, endSeconds, encoder, durationMs, workerId: PROCESS_ID }, 'chunk transcoded')
    return {}
  },

  describeWhole: (payload, { db }) => describeRenditions(db, payload),
  discard: discardRenditions,
})

/** A viewer may wait for it. */
export const transcodeStart: TaskHandler<typeof transcodeStartTask> = {
  kind: transcodeStartTask,
  ...encodeAtNiceness(NICENESS.media),
}

export const transcodeChunk: TaskHandler<typeof transcodeChunkTask> = {
  kind: transcodeChunkTask,
  ...encodeAtNiceness(NICENESS.continuation),
}

/** In another codec. */
export const compressChunk: TaskHandler<typeof compressChunkTask> = {
  kind: compressChunkTask,
  ...encodeAtNiceness(NICENESS.compression),
}
