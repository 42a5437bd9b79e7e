import { touch } from '@/lib/database/touch'
import { planLadder } from '@/lib/videos/ladder'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { discardRenditions } from './discard-renditions'
import { encodeLadder } from './ffmpeg/encode-ladder'
import type { StoredRendition } from './ffmpeg/ladder-options'
import { createRenditionStore } from './rendition-store'
import { createTranscodeProgress } from './transcode-progress'
import { createTranscodeTurn } from './transcode-turn'

/**
 * Transcodes a video segment by segment; resumes after the segments that earlier runs stored. Yields to the transcodes of
 * other users.
 */
export const transcodeVideo: TaskHandler<typeof transcodeVideoTask> = {
  kind: transcodeVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { db, config } = run.context
    // Restarts the renditions that ended with a failed or canceled run.
    await run.write(async (tx) => {
      const { count } = await tx.rendition.updateMany({
        where: { videoId: video.id, state: { in: ['failed', 'canceled'] } },
        data: { state: 'queued' },
      })
      if (count > 0) await touch(tx, 'video', { id: video.id })
    })
    const renditions = await db.rendition.findMany({
      where: { videoId: video.id },
      include: { segments: { orderBy: { index: 'desc' }, take: 1 } },
      orderBy: { position: 'asc' },
    })
    const stored = new Map(renditions.map((rendition) => [rendition.name, toStoredRendition(rendition)]))
    const isResumed = [...stored.values()].some(({ segments }) => segments > 0)
    if (isResumed) run.log.info({ stored: Object.fromEntries(stored) }, 'resuming after the stored segments')
    const progress = createTranscodeProgress({
      run,
      renditions,
      durationSeconds: info.durationSeconds,
      reported: isResumed ? await readProgress(run) : 0,
    })
    const store = createRenditionStore({ run, video, renditions, progress })
    const { readEtaSeconds } = progress
    const turn = createTranscodeTurn({ run, ownerId: video.ownerId, renditions, isResumed, readEtaSeconds })
    const { endSeconds } = await withSourceFile(run, video, (sourcePath) =>
      encodeLadder({
        ...store,
        async onSegment(name, segment) {
          await store.onSegment(name, segment)
          turn.recordProgress(name)
          await turn.yieldIfAwaited()
        },
        async onRenditionDone(name) {
          await store.onRenditionDone(name)
          turn.recordProgress(name)
        },
        sourcePath,
        info,
        ladder: planLadder(info),
        stored,
        signal: run.signal,
        threads: config.MEDIA_THREADS,
        memoryBytes: config.MEDIA_MEMORY_BYTES,
        wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
        onProgress: progress.setEncoderPosition,
      }),
    )
    const missingSeconds = findMissingSeconds({ endSeconds, durationSeconds: info.durationSeconds })
    if (missingSeconds) run.log.warn({ endSeconds, missingSeconds }, 'media ends early')
    return {
      result: { renditions: renditions.map((rendition) => rendition.name), missingSeconds },
      store: async (tx) => {
        if (missingSeconds)
          await tx.video.update({ where: { id: video.id }, data: { durationSeconds: endSeconds } })
      },
    }
  },

  discard: discardRenditions,
}

/** The progress that an earlier run has reported. */
async function readProgress({ taskId, context }: Pick<TaskRun<unknown>, 'taskId' | 'context'>) {
  const task = await context.db.task.findUnique({ where: { id: taskId }, select: { progress: true } })
  return task?.progress ?? 0
}

function toStoredRendition(rendition: {
  state: string
  segments: { index: number; startSeconds: number; durationSeconds: number }[]
}): StoredRendition {
  const last = rendition.segments[0]
  return {
    segments: last ? last.index + 1 : 0,
    endSeconds: last ? last.startSeconds + last.durationSeconds : 0,
    isDone: rendition.state === 'done',
  }
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
