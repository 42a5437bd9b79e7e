import type { PartPlan } from '@/lib/tasks/parts'
import { chunkSeconds, planChunks } from '@/lib/videos/chunks'
import { planLadder } from '@/lib/videos/ladder'
import { uniqueTrackNames } from '@/lib/videos/languages'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { VideoEncoder } from '@/lib/videos/video-encoders'
import {
  copyStreamsTask,
  type TranscodeResult,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/media-errors'
import { loadInspectedVideo } from '../media/load-video'
import type { TaskHandler } from '../runtime/handler'
import { discardRenditions } from './discard-renditions'
import { chooseEncoder } from './encoders/choose-encoder'
import { streamNames } from './ffmpeg/copy-streams'
import { planMissingParts } from '../runtime/plan-missing-parts'
import { restartRenditions } from './restart-renditions'

/**
 * Transcodes a video in parts, which workers execute concurrently: the streams that are copied, and the chunks of the
 * timeline. Runs again when they are done, to complete. A retry continues after the parts that are done.
 */
export const transcodeVideo: TaskHandler<typeof transcodeVideoTask> = {
  kind: transcodeVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { db } = run.context
    await restartRenditions(run)
    const encoder = await chooseEncoder(run, video)
    const plan = await planMissingParts(run, planParts({ videoId: video.id, info, encoder }))
    if (plan.parts.length > 0) return plan
    const renditions = await db.rendition.findMany({
      where: { videoId: video.id },
      include: { segments: { orderBy: { index: 'desc' }, take: 1 } },
      orderBy: { position: 'asc' },
    })
    const ends = renditions.flatMap(({ segments: [last] }) =>
      last ? last.startSeconds + last.durationSeconds : [],
    )
    const endSeconds = Math.max(0, ...ends)
    const missingSeconds = findMissingSeconds({
      endSeconds,
      durationSeconds: info.statedSeconds ?? info.durationSeconds,
    })
    if (missingSeconds) run.log.warn({ endSeconds, missingSeconds }, 'media ends early')
    const result: TranscodeResult = {
      renditions: renditions.map((rendition) => rendition.name),
      missingSeconds,
      leftOut: describeLeftOut(info, renditions),
      damage: info.damage,
    }
    return {
      result: { ...result },
      store: async (tx) => {
        await tx.rendition.updateMany({
          where: { videoId: video.id, mode: 'encode' },
          data: { state: 'done', progress: 1 },
        })
        if (missingSeconds)
          await tx.video.update({ where: { id: video.id }, data: { durationSeconds: endSeconds } })
      },
    }
  },

  discard: discardRenditions,
}

/** Describes the tracks of the file that no rendition contains. */
function describeLeftOut(info: MediaInfo, renditions: { name: string }[]) {
  const audio = planLadder(info).audio.filter(({ renditionChannels }) => renditionChannels === 2)
  const names = uniqueTrackNames(audio.map(({ title, language }) => ({ label: title, language })))
  const undecodable = audio.flatMap(({ name, codec }, n) =>
    renditions.some((rendition) => rendition.name === name)
      ? []
      : [messages.trackUndecodable({ name: names[n]!, codec })],
  )
  const unused = [
    { count: info.audio.length - audio.length, describe: messages.unusedAudio },
    { count: info.unusedVideoTracks, describe: messages.unusedVideo },
  ]
  return [
    ...undecodable,
    ...unused.flatMap(({ count, describe }) => (count > 0 ? [describe({ count })] : [])),
  ]
}

interface PlanOptions {
  videoId: string
  info: MediaInfo
  encoder: VideoEncoder
}

/** Plans the parts. */
function planParts({ videoId, info, encoder }: PlanOptions): PartPlan[] {
  const ladder = planLadder(info)
  const chunks: PartPlan[] = (ladder.encodes.length > 0 ? planChunks(info) : []).map((chunk, n) => ({
    kind: n === 0 ? transcodeStartTask : transcodeChunkTask,
    payload: { videoId, ...chunk, ...(encoder === 'software' ? {} : { encoder }) },
    weight: chunkSeconds(chunk, info),
  }))
  const streams: PartPlan = {
    kind: copyStreamsTask,
    payload: { videoId },
    weight: chunks.length > 0 ? 0 : info.durationSeconds,
  }
  return [...(streamNames(ladder).length > 0 ? [streams] : []), ...chunks]
}

/** Tolerates small differences: containers round durations, and one track may end before another. */
function findMissingSeconds({
  endSeconds,
  durationSeconds,
}: {
  endSeconds: number
  durationSeconds: number
}) {
  const missingSeconds = durationSeconds - endSeconds
  return missingSeconds > Math.max(0.25, Math.min(2, durationSeconds * 0.02)) ? missingSeconds : null
}
