import type { CaptionDto } from '@/lib/captions/schema'
import type { captionVideoTask } from '@/lib/captions/tasks'
import type { TaskDto } from '@/lib/tasks/schema'

// lib/captions/tasks is server-only because it reads the configuration; only its type is imported here.
const CAPTION_KIND: typeof captionVideoTask.name = 'video.caption'

const isCaptionTask = (task: TaskDto) => task.kind === CAPTION_KIND

/** Returns the task that generates `track`, or else the latest caption task. `tasks` are of one video, newest first. */
export const findCaptionTask = (tasks: readonly TaskDto[], track?: Pick<CaptionDto, 'taskId'>) =>
  track ? tasks.find(({ id }) => id === track.taskId) : tasks.find(isCaptionTask)

/** Maps video ids to their running caption tasks. */
export const activeCaptionTasksByVideo = (tasks: readonly TaskDto[]) =>
  new Map(
    tasks
      .filter((task) => isCaptionTask(task) && task.state === 'in_progress')
      .map((task) => [task.videoId ?? '', task] as const),
  )

/**
 * Whether a task ended because the one that it waited for did: a video that failed, whose error it has. That error is shown with
 * the video.
 */
export function endedWithParent(task: TaskDto, tasks: readonly TaskDto[]) {
  const parent = tasks.find(({ id }) => id === task.parentId)
  return task.startedAt === null && (parent?.state === 'failed' || parent?.state === 'canceled')
}
