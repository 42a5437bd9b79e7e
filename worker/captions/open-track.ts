import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import type { captionVideoTask } from '@/lib/captions/tasks'
import type { Tx } from '@/lib/database/db'
import type { Caption } from '@/lib/generated/prisma/client'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { TaskRun } from '../runtime/handler'
import type { ChosenTranscriber } from './choose-transcriber'
import { touch } from '@/lib/database/touch'

export type CaptionRun = TaskRun<PayloadOf<typeof captionVideoTask>>

/**
 * Returns the track of this task, and the spoken language if it is known. Creates the track unless a user's request or an
 * earlier run has done so.
 */
export async function openTrack(
  run: CaptionRun,
  { ownerId, choice }: { ownerId: string; choice: ChosenTranscriber },
) {
  const { videoId, language, translate } = run.payload
  const { languages } = choice.transcriber
  const knownLanguage = translate ? 'en' : (language ?? (languages.length === 1 ? languages[0] : undefined))
  return run.write(async (tx) => {
    const existing = await tx.caption.findFirst({ where: { taskId: run.taskId } })
    const track = existing
      ? await tx.caption.update({
          where: { id: existing.id },
          data: existing.isReplacing
            ? { state: 'in_progress' }
            : {
                ...describeTranscriber(choice),
                language: existing.language === UNKNOWN_LANGUAGE ? knownLanguage : undefined,
                state: 'in_progress',
              },
        })
      : await tx.caption.create({
          data: {
            ...describeTranscriber(choice),
            ownerId,
            videoId,
            taskId: run.taskId,
            language: knownLanguage ?? UNKNOWN_LANGUAGE,
            source: 'speech',
            state: 'in_progress',
            isTranslation: translate,
          },
        })
    await touch(tx, 'video', { id: videoId })
    return { track, language: language ?? (translate ? undefined : await findDetectedLanguage(tx, track)) }
  })
}

/** What a track states about its transcriber. */
export const describeTranscriber = ({ transcriber, reason }: ChosenTranscriber) => ({
  engine: transcriber.name,
  model: transcriber.model,
  isLowAccuracy: transcriber.isLowAccuracy,
  note: reason,
})

/** The language that an earlier run of this transcription has detected: it applies to the whole video. */
export async function findDetectedLanguage(tx: Tx, track: Caption) {
  if (!track.isReplacing) return track.language === UNKNOWN_LANGUAGE ? undefined : track.language
  const draft = await tx.captionChunk.findFirst({
    where: { captionId: track.id, language: { not: null } },
    orderBy: { startSeconds: 'asc' },
  })
  return draft?.language ?? undefined
}
