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
  const { name, model, isLowAccuracy, languages } = choice.transcriber
  const knownLanguage = translate ? 'en' : (language ?? (languages.length === 1 ? languages[0] : undefined))
  const common = { engine: name, model, isLowAccuracy, note: choice.reason, state: 'in_progress' } as const
  return run.write(async (tx) => {
    const existing = await tx.caption.findFirst({ where: { taskId: run.taskId } })
    const track = existing
      ? await tx.caption.update({
          where: { id: existing.id },
          data: { ...common, language: existing.language === UNKNOWN_LANGUAGE ? knownLanguage : undefined },
        })
      : await tx.caption.create({
          data: {
            ...common,
            ownerId,
            videoId,
            taskId: run.taskId,
            language: knownLanguage ?? UNKNOWN_LANGUAGE,
            source: 'speech',
            isTranslation: translate,
          },
        })
    await touch(tx, 'video', { id: videoId })
    return track
  })
}
