import type { TaskEndListener } from '../tasks/registry'
import { packageVideoTask, transcodeVideoTask } from './tasks'

const RENDITION_KINDS: string[] = [transcodeVideoTask.name, packageVideoTask.name]

/** Bumps the version of a video whose renditions or downloads end with a task, so that clients read them again. */
export const touchVideoOnTaskEnd: TaskEndListener = async (tx, _boss, task) => {
  if (!RENDITION_KINDS.includes(task.kind) || !task.videoId) return
  await tx.video.updateMany({ where: { id: task.videoId }, data: { version: 0 } })
}
