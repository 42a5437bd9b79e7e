import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { describeNote } from '@/lib/captions/note'
import type { captionVideoTask } from '@/lib/captions/tasks'
import type { Tx } from '@/lib/database/db'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { ChosenTranscriber } from './choose-transcriber'
import { touch } from '@/lib/database/touch'

interface Options {
  /** The transcription, and what it is to do. */
  taskId: string
  request: PayloadOf<typeof captionVideoTask>
  ownerId: string
  choice: ChosenTranscriber
}

/** Returns the track of a transcription. Creates it unless a user's request or an earlier run has done so. */
export async function openTrack(tx: Tx, { taskId, request, ownerId, choice }: Options) {
  const { videoId, language, translate } = request
  const { languages } = choice.transcriber
  const knownLanguage = translate ? 'en' : (language ?? (languages.length === 1 ? languages[0] : undefined))
  // That of the file before a trim has the same task.
  const existing = await tx.caption.findFirst({ where: { taskId, videoId } })
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
          taskId,
          language: knownLanguage ?? UNKNOWN_LANGUAGE,
          source: 'speech',
          state: 'in_progress',
          isTranslation: translate,
        },
      })
  await touch(tx, 'video', { id: videoId })
  return track
}

/** What a track states about its transcriber. */
export const describeTranscriber = ({ transcriber, reason }: ChosenTranscriber) => ({
  engine: transcriber.name,
  model: transcriber.model,
  isLowAccuracy: transcriber.isLowAccuracy,
  ...describeNote(reason),
})
