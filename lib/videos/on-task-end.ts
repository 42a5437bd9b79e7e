import { touch } from '../database/touch'
import type { TaskEndListener } from '../tasks/registry'
import { packageVideoTask, transcodeVideoTask } from './tasks'

const RENDITION_KINDS: string[] = [transcodeVideoTask.name, packageVideoTask.name]

/**
 * Ends the unfinished renditions of a video whose transcode failed or was canceled; a retry restarts them. Increments
 * the version of the video, so that clients reload its renditions and downloads.
 */
export const settleRenditions: TaskEndListener = async (tx, _boss, task) => {
  if (!RENDITION_KINDS.includes(task.kind) || !task.subjectId) return
  if (task.kind === transcodeVideoTask.name && task.state !== 'done')
    await tx.rendition.updateMany({
      where: { videoId: task.subjectId, state: { in: ['queued', 'in_progress'] } },
      data: { state: task.state },
    })
  await touch(tx, 'video', { id: task.subjectId })
}
