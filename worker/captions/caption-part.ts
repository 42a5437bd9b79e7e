import { captionPartTask, captionStartTask } from '@/lib/captions/tasks'
import { PROCESS_ID } from '@/lib/cluster/process-id'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { Caption } from '@/lib/generated/prisma/client'
import { statesBefore } from '@/lib/tasks/state'
import type { TaskKind } from '@/lib/tasks/task-kind'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import type { TaskHandler } from '../runtime/handler'
import { chooseTranscriber, type ChosenTranscriber, modelMissing } from './choose-transcriber'
import { findDetectedLanguage } from './detected-language'
import { identifyLanguage } from './identify-language'
import { describeTranscriber } from './open-track'
import { CaptionDeleted } from './store-chunk-cues'
import { type PartAudio, partResources, type PartRun, transcribePart } from './transcribe-part'

const FIRST_PART_TIMEOUT_MS = 30_000

type PartHandler = Omit<TaskHandler<TaskKind<string, (typeof captionPartTask)['payload']>>, 'kind'>

/** Transcribes one part of a video into its track. An interrupted run resumes after the last stored chunk. */
const transcribeWith = (part: 'first' | 'further'): PartHandler => ({
  async run(run) {
    const { db, config } = run.context
    const { captionId, startSeconds } = run.payload
    const { video, info } = await loadInspectedVideo(run)
    if (part === 'further') await awaitFirstPart(run)
    const track = await db.caption.findUnique({ where: { id: captionId } })
    if (!track) return {}
    const language = run.payload.language ?? (await findDetectedLanguage(db, track))
    const choice = await chooseForPart(run, language)
    const startedAt = Date.now()
    try {
      await withSourceFile(run, video, async (sourcePath) => {
        const audio = { sourcePath, info, ...partResources(config, part) }
        const { transcriber, ...known } = await chooseByLanguage(run, { ...audio, track, language, choice })
        await transcribePart(run, { ...audio, track, transcriber, language: known.language })
      })
    } catch (error) {
      if (!(error instanceof CaptionDeleted)) throw error
    }
    const durationMs = Date.now() - startedAt
    run.log.info({ startSeconds, durationMs, workerId: PROCESS_ID }, 'part transcribed')
    return {}
  },
})

async function chooseForPart(run: PartRun, language: string | undefined) {
  const choice = await chooseTranscriber({
    config: run.context.config,
    request: { ...run.payload, language },
    signal: run.signal,
    onStage: (stage) => run.report({ stage }),
  })
  if (!choice.transcriber) throw modelMissing(choice.reason)
  return choice
}

/** Identifies the language if the choice depends on it, and records the transcriber that is chosen then. */
async function chooseByLanguage(
  run: PartRun,
  options: PartAudio & { track: Caption; language: string | undefined; choice: ChosenTranscriber },
) {
  const { track, language, choice, ...audio } = options
  if (!choice.identifier) return { transcriber: choice.transcriber, language }
  const identified = await identifyLanguage(run, { ...audio, track, transcriber: choice.identifier })
  if (!identified) return { transcriber: choice.transcriber, language }
  const chosen = await chooseForPart(run, identified)
  if (!track.isReplacing)
    await run.write((tx) =>
      tx.caption.updateMany({ where: { id: track.id }, data: describeTranscriber(chosen) }),
    )
  return { transcriber: chosen.transcriber, language: identified }
}

/**
 * Waits until the first part of the video is transcribed: it needs the CPU time, two models at once take twice the memory, and
 * only its language is that of the video. Waits no longer than a moment, because the first part may be slow.
 */
async function awaitFirstPart({ taskId, signal, context: { db } }: PartRun) {
  const { partOfId } = await db.task.findUniqueOrThrow({ where: { id: taskId } })
  const first = { partOfId, kind: captionStartTask.name, state: { in: statesBefore('canceled') } }
  const isDone = async () => (await db.task.count({ where: first })) === 0
  await waitUntil(isDone, { intervalMs: 200, timeoutMs: FIRST_PART_TIMEOUT_MS, signal })
}

/** A viewer may wait for it. */
export const captionStart: TaskHandler<typeof captionStartTask> = {
  kind: captionStartTask,
  ...transcribeWith('first'),
}

export const captionPart: TaskHandler<typeof captionPartTask> = {
  kind: captionPartTask,
  ...transcribeWith('further'),
}
