import { touch } from '@/lib/database/touch'
import type { PartPlan } from '@/lib/tasks/parts'
import { chunkSeconds, planChunks } from '@/lib/videos/chunks'
import { whereEncodedBy } from '@/lib/videos/encoded-by'
import { type ExtraCodec, planExtraLadder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { compressChunkTask, compressVideoTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo } from '../media/load-video'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { checkRenditions, storeChecks } from './check-renditions'
import { discardRenditions } from './discard-renditions'
import { planMissingParts } from '../runtime/plan-missing-parts'
import { restartRenditions } from './restart-renditions'

/**
 * Encodes the ladder of a video that is ready in another codec, in chunks as its transcode did. Its renditions are
 * listed for players when all are complete, except those whose samples differ from the source. A retry continues after the
 * chunks that are done.
 */
export const compressVideo: TaskHandler<typeof compressVideoTask> = {
  kind: compressVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { codec } = run.payload
    const ladder = planExtraLadder(info, codec)
    if (ladder.encodes.length === 0) return { result: { renditions: [] } }
    await createRenditions(run, { info, codec })
    await restartRenditions(run)
    const plan = await planMissingParts(run, planParts(run.payload, info))
    if (plan.parts.length > 0) return plan
    const { checks, failed } = await checkRenditions({
      run,
      video,
      info,
      onRendition: (name) => run.report({ stage: messages.checking({ name }) }),
    })
    return {
      result: { renditions: ladder.encodes.map(({ name }) => name), failed },
      store: async (tx) => {
        const encoded = whereEncodedBy(run.payload)
        await tx.rendition.updateMany({
          where: { ...encoded, name: { notIn: failed } },
          data: { state: 'done', progress: 1 },
        })
        await tx.rendition.updateMany({
          where: { ...encoded, name: { in: failed } },
          data: { state: 'failed' },
        })
        await storeChecks(tx, { videoId: video.id, checks })
      },
    }
  },

  discard: discardRenditions,
}

/** Creates the rows of the renditions, after those of the video. Idempotent. */
const createRenditions = (
  { payload: { videoId }, write }: Pick<TaskRun<{ videoId: string }>, 'payload' | 'write'>,
  { info, codec }: { info: MediaInfo; codec: ExtraCodec },
) =>
  write(async (tx) => {
    const { _max } = await tx.rendition.aggregate({ where: { videoId }, _max: { position: true } })
    const { count } = await tx.rendition.createMany({
      data: planExtraLadder(info, codec).encodes.map(({ name, mode, width, height, frameRate }, n) => ({
        videoId,
        name,
        mode,
        width,
        height,
        frameRate,
        extraCodec: codec,
        position: (_max.position ?? 0) + 1 + n,
      })),
      skipDuplicates: true,
    })
    if (count > 0) await touch(tx, 'video', { id: videoId })
  })

const planParts = (payload: { videoId: string; codec: ExtraCodec }, info: MediaInfo): PartPlan[] =>
  planChunks(info).map((chunk) => ({
    kind: compressChunkTask,
    payload: { ...payload, ...chunk },
    weight: chunkSeconds(chunk, info),
  }))
