import type { PgBoss } from 'pg-boss'
import { transcribeAgain } from '../../captions/request-captions'
import { captionVideoTask } from '../../captions/tasks'
import { config } from '../../config/config'
import type { Tx } from '../../database/db'
import type { Task } from '../../generated/prisma/client'
import { enqueueTask } from '../../tasks/enqueue'
import { isFinished } from '../../tasks/state'
import type { PayloadOf } from '../../tasks/task-kind'

export type Transcription = PayloadOf<typeof captionVideoTask>

type CaptionTask = Pick<Task, 'id' | 'kind' | 'state' | 'weight' | 'payload'>

/** Whether an unfinished task is a transcription that loses little if it starts again: one that has not begun, or waits for all others. */
export function isSuperseded({ kind, state, weight, payload }: Omit<CaptionTask, 'id'>) {
  if (kind !== captionVideoTask.name) return false
  return (
    (state === 'queued' && weight === null) || captionVideoTask.payload.parse(payload).isBackground === true
  )
}

/**
 * Leaves the tracks of a video as they were before these transcriptions, which are canceled. Returns what was requested, for
 * `requestTranscriptions` once the video has its other file.
 */
export async function settleSuperseded(
  tx: Tx,
  { videoId, tasks }: { videoId: string; tasks: readonly CaptionTask[] },
): Promise<Transcription[]> {
  const transcriptions = tasks.filter(({ kind }) => kind === captionVideoTask.name)
  const ofTasks = { videoId, taskId: { in: transcriptions.map(({ id }) => id) } }
  const replacing = await tx.caption.findMany({
    where: { ...ofTasks, isReplacing: true },
    select: { id: true },
  })
  await tx.captionChunk.deleteMany({ where: { caption: ofTasks } })
  await tx.caption.deleteMany({ where: { ...ofTasks, isReplacing: false, cueCount: 0 } })
  const { durationSeconds } = await tx.video.findUniqueOrThrow({
    where: { id: videoId },
    select: { durationSeconds: true },
  })
  await tx.caption.updateMany({
    where: { id: { in: replacing.map(({ id }) => id) } },
    data: { isReplacing: false, state: 'done', doneSeconds: durationSeconds ?? 0 },
  })
  return transcriptions.map(({ payload }) => captionVideoTask.payload.parse(payload))
}

/** Queues transcriptions of the file that a video has now. Tracks that exist keep their cues until the new ones are complete. */
export async function requestTranscriptions(
  tx: Tx,
  boss: PgBoss,
  { videoId, ownerId, requests }: { videoId: string; ownerId: string; requests: readonly Transcription[] },
) {
  if (config().CAPTIONS === 'none') return
  for (const request of requests) {
    const { language, translate, speakers, isBackground } = request
    const speech = await tx.caption.findMany({
      where: { videoId, source: 'speech', isTranslation: translate },
    })
    const track = speech.find((one) => translate || !language || one.language === language)
    if (!track)
      await enqueueTask(tx, boss, {
        kind: captionVideoTask,
        ownerId,
        subjectId: videoId,
        isBackground,
        payload: { ...request, videoId },
      })
    else if (isFinished(track.state))
      await transcribeAgain(tx, boss, { track, language, speakers, isBackground })
  }
}
