import { captionPartSeconds, planCaptionParts, planSpeakerParts } from '@/lib/captions/plan-parts'
import { describeNote } from '@/lib/captions/note'
import {
  captionPartTask,
  captionSpeakersTask,
  captionStartTask,
  captionVideoTask,
  type SkippedCaptions,
} from '@/lib/captions/tasks'
import type { Caption } from '@/lib/generated/prisma/client'
import { toEnglish } from '@/lib/i18n/format-source'
import type { PartPlan } from '@/lib/tasks/parts'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import * as messages from '@/lib/generated/messages/caption-tasks'
import { loadInspectedVideo } from '../media/load-video'
import type { TaskHandler, TaskOutcome, TaskRun } from '../runtime/handler'
import { planMissingParts } from '../runtime/plan-missing-parts'
import { chooseTranscriber, type ChosenTranscriber, modelMissing } from './choose-transcriber'
import { findDetectedLanguage } from './detected-language'
import { describeTranscriber, openTrack } from './open-track'
import { ensureSpeakerModel } from './speakers/ensure-model'
import { readNamedSpans, readTurns, storeSpeakers } from './speakers/store-speakers'
import { publishChunks } from './store-chunk-cues'

type CaptionRun = TaskRun<PayloadOf<typeof captionVideoTask>>

/** Seconds of work for a second of audio, compared with its transcription. */
const SPEAKER_WEIGHT = 0.2

/**
 * Transcribes a video in parts, which workers execute concurrently. Runs again when they are done, to complete. A retry
 * continues after the parts that are done.
 */
export const captionVideo: TaskHandler<typeof captionVideoTask> = {
  kind: captionVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    if (info.audio.length === 0) return skipCaptions(run, 'noAudio', messages.noAudio())
    const choice = await chooseTranscriber({
      config: run.context.config,
      request: { ...run.payload, language: run.payload.language ?? (await findEarlierLanguage(run)) },
      signal: run.signal,
      onStage: (stage) => run.report({ stage }),
    })
    if (!choice.transcriber) {
      const begun = await run.context.db.captionChunk.count({ where: { caption: { taskId: run.taskId } } })
      if (begun > 0) throw modelMissing(choice.reason)
      run.log.warn({ reason: toEnglish(choice.reason) }, 'no speech model')
      return skipCaptions(run, 'off', choice.reason)
    }
    const { taskId, payload: request } = run
    const track = await run.write((tx) => openTrack(tx, { taskId, request, ownerId: video.ownerId, choice }))
    const { durationSeconds } = info
    const speakersProblem = run.payload.speakers ? await ensureSpeakerModel(run) : null
    const hasSpeakers = run.payload.speakers && !speakersProblem
    const plan = await planMissingParts(
      run,
      planParts(run, { captionId: track.id, durationSeconds, hasSpeakers }),
    )
    if (plan.parts.length === 0) return finishTrack(run, { track, choice, durationSeconds, speakersProblem })
    run.log.info(
      { engine: choice.transcriber.title, reason: choice.reason && toEnglish(choice.reason) },
      'transcription planned',
    )
    const transcription = plan.parts.filter(({ kind }) => kind !== captionSpeakersTask)
    // Words first: users can read them while speakers are identified.
    return transcription.length > 0 ? { ...plan, parts: transcription } : plan
  },
}

/** The language that an earlier run of this task has detected: the parts that are done may have chosen another model for it. */
async function findEarlierLanguage({ taskId, context: { db } }: CaptionRun) {
  const track = await db.caption.findFirst({ where: { taskId } })
  return track ? findDetectedLanguage(db, track) : undefined
}

function planParts(
  run: CaptionRun,
  options: { captionId: string; durationSeconds: number; hasSpeakers?: boolean },
): PartPlan[] {
  const { captionId, durationSeconds, hasSpeakers } = options
  const transcription = planCaptionParts(durationSeconds).map((part, n) => ({
    kind: n === 0 ? captionStartTask : captionPartTask,
    payload: { ...run.payload, captionId, ...part },
    weight: captionPartSeconds(part, durationSeconds),
  }))
  const speakers = hasSpeakers ? planSpeakerParts(durationSeconds) : []
  return [
    ...transcription,
    ...speakers.map((part) => ({
      kind: captionSpeakersTask,
      payload: { ...run.payload, captionId, ...part },
      weight: SPEAKER_WEIGHT * captionPartSeconds(part, durationSeconds),
    })),
  ]
}

interface Transcribed {
  track: Caption
  choice: ChosenTranscriber
  durationSeconds: number
  /** Why speakers are not identified though they were requested. */
  speakersProblem: string | null
}

async function finishTrack(
  run: CaptionRun,
  { track, choice, durationSeconds, speakersProblem }: Transcribed,
): Promise<TaskOutcome> {
  const { db } = run.context
  const turns = await readTurns(db, run.taskId)
  const { id, isReplacing } = track
  const chunks = await db.captionChunk.findMany({ where: { captionId: id }, select: { cues: true } })
  const cues = isReplacing
    ? chunks.reduce((sum, chunk) => sum + (chunk.cues as unknown[]).length, 0)
    : await db.captionCue.count({ where: { captionId: id, isRemoved: false } })
  const { name, title } = choice.transcriber
  const reasons = [choice.reason, turns ? null : speakersProblem].filter((reason) => reason !== null)
  const note = cues > 0 ? reasons.join(' ') || null : messages.noSpeech({ title })
  return {
    result: { captionId: id, cues, engine: name, isBackground: run.payload.isBackground },
    store: async (tx) => {
      const about = { doneSeconds: durationSeconds, ...describeNote(note) }
      const earlier = turns && (await readNamedSpans(tx, id))
      if (isReplacing) {
        const language = run.payload.language ?? (await findDetectedLanguage(tx, track))
        await publishChunks(tx, id, { ...describeTranscriber(choice), ...about, language })
      } else await tx.caption.updateMany({ where: { id }, data: about })
      if (turns && earlier) await storeSpeakers(tx, { captionId: id, turns, earlier })
      await tx.captionChunk.deleteMany({ where: { captionId: id } })
    },
  }
}

/** Creates no track. A track that a user requested gets a note on why it is empty; one with cues remains as it was. */
function skipCaptions(run: CaptionRun, skipped: SkippedCaptions['skipped'], reason: string): TaskOutcome {
  const result: SkippedCaptions = { cues: 0, skipped, reason }
  return {
    result: { ...result },
    store: async (tx) => {
      const where = { taskId: run.taskId }
      await tx.caption.updateMany({ where: { ...where, isReplacing: false }, data: describeNote(reason) })
      await tx.caption.updateMany({ where: { ...where, isReplacing: true }, data: { isReplacing: false } })
    },
  }
}
