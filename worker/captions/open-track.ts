import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import type { captionVideoTask } from '@/lib/captions/tasks'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { TaskRun } from '../runtime/handler'
import type { ChosenTranscriber } from './choose-transcriber'
import { touch } from '@/lib/database/touch'

export type CaptionRun = TaskRun<PayloadOf<typeof captionVideoTask>>

/** Returns the track of this task. Creates it unless a user's request or an earlier run has done so. */
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
    return track
  })
}

/** What a track states about its transcriber. */
export const describeTranscriber = ({ transcriber, reason }: ChosenTranscriber) => ({
  engine: transcriber.name,
  model: transcriber.model,
  isLowAccuracy: transcriber.isLowAccuracy,
  note: reason,
})
