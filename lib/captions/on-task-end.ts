import type { TaskEndListener } from '../tasks/registry'
import { captionVideoTask, extractSubtitlesTask } from './tasks'
import { touch } from '../database/touch'

const CAPTION_KINDS = [captionVideoTask.name, extractSubtitlesTask.name] as string[]

/** Ends an unfinished caption track in the state of its task and increments the version of its video. */
export const settleCaption: TaskEndListener = async (tx, _boss, task) => {
  if (!CAPTION_KINDS.includes(task.kind)) return
  const { count } = await tx.caption.updateMany({
    where: { taskId: task.id, state: { in: ['queued', 'in_progress'] } },
    data: { state: task.state },
  })
  if (count > 0 && task.subjectId) await touch(tx, 'video', { id: task.subjectId })
}
