import { touch } from '@/lib/database/touch'
import type { PartPlan } from '@/lib/tasks/parts'
import { chunkSeconds, planChunks } from '@/lib/videos/chunks'
import { planLadder } from '@/lib/videos/ladder'
import { uniqueTrackNames } from '@/lib/videos/languages'
import type { MediaInfo } from '@/lib/videos/media-info'
import {
  copyStreamsTask,
  type TranscodeResult,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import { loadInspectedVideo } from '../media/load-video'
import type { PartsOutcome, TaskHandler, TaskRun } from '../runtime/handler'
import { discardRenditions } from './discard-renditions'
import { streamNames } from './ffmpeg/copy-streams'

/**
 * Transcodes a video in parts, which workers execute concurrently: the streams that are copied, and the chunks of the
 * timeline. Runs again when they are done, to complete. A retry continues after the parts that are done.
 */
export const transcodeVideo: TaskHandler<typeof transcodeVideoTask> = {
  kind: transcodeVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { db } = run.context
    await restartRenditions(run, video.id)
    const plan = await planParts(run, { videoId: video.id, info })
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
  const { audio } = planLadder(info)
  const names = uniqueTrackNames(audio.map(({ title, language }) => ({ label: title, language })))
  const undecodable = audio.flatMap(({ name, codec }, n) =>
    renditions.some((rendition) => rendition.name === name)
      ? []
      : [`The audio track “${names[n]}” (${codec}) could not be decoded.`],
  )
  const unused = [
    { count: info.audio.length - audio.length, kind: 'audio' },
    { count: info.unusedVideoTracks, kind: 'video' },
  ]
  return [
    ...undecodable,
    ...unused.flatMap(({ count, kind }) =>
      count > 0 ? [`${count} more ${kind} track${count > 1 ? 's are' : ' is'} not used.`] : [],
    ),
  ]
}

/** Restarts the renditions that ended with a failed or canceled run. */
const restartRenditions = (run: Pick<TaskRun<unknown>, 'write'>, videoId: string) =>
  run.write(async (tx) => {
    const { count } = await tx.rendition.updateMany({
      where: { videoId, state: { in: ['failed', 'canceled'] } },
      data: { state: 'queued' },
    })
    if (count > 0) await touch(tx, 'video', { id: videoId })
  })

/** Plans the parts that are not done. */
async function planParts(
  { taskId, context }: Pick<TaskRun<unknown>, 'taskId' | 'context'>,
  { videoId, info }: { videoId: string; info: MediaInfo },
): Promise<PartsOutcome> {
  const ladder = planLadder(info)
  const done = await context.db.task.findMany({
    where: { partOfId: taskId, state: 'done' },
    select: { kind: true, payload: true },
  })
  const chunks: PartPlan[] = (ladder.encodes.length > 0 ? planChunks(info) : []).map((chunk, n) => ({
    kind: n === 0 ? transcodeStartTask : transcodeChunkTask,
    payload: { videoId, ...chunk },
    weight: chunkSeconds(chunk, info),
  }))
  const streams: PartPlan = {
    kind: copyStreamsTask,
    payload: { videoId },
    weight: chunks.length > 0 ? 0 : info.durationSeconds,
  }
  const all = [...(streamNames(ladder).length > 0 ? [streams] : []), ...chunks]
  const isDone = ({ kind, payload }: PartPlan) =>
    done.some((part) => part.kind === kind.name && isEqualPayload(part.payload, payload))
  return {
    parts: all.filter((part) => !isDone(part)),
    totalWeight: all.reduce((sum, { weight }) => sum + weight, 0),
  }
}

const isEqualPayload = (a: unknown, b: object) =>
  Object.entries(b).every(([key, value]) => (a as Record<string, unknown>)[key] === value)

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
