import type { TaskEndListener } from '../tasks/registry'
import { captionSpeakersTask, captionVideoTask, extractSubtitlesTask, translateCaptionTask } from './tasks'
import { touch } from '../database/touch'

const CAPTION_KINDS = [captionVideoTask, extractSubtitlesTask, translateCaptionTask].map(
  ({ name }) => name as string,
)

/**
 * Ends an unfinished caption track in the state of its task and increments the version of its video. Deletes the voices that
 * were found, which are biometric data; a retry finds them again.
 */
export const settleCaption: TaskEndListener = {
  concerns: ({ kind }) => CAPTION_KINDS.includes(kind),
  async onEnd(tx, _boss, tasks) {
    for (const task of tasks) {
      const { count } = await tx.caption.updateMany({
        where: { taskId: task.id, state: { in: ['queued', 'in_progress'] } },
        data: { state: task.state },
      })
      await tx.task.deleteMany({
        where: { partOfId: task.id, kind: captionSpeakersTask.name, state: 'done' },
      })
      if (count > 0 && task.subjectId) await touch(tx, 'video', { id: task.subjectId })
    }
  },
}
