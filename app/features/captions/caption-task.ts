import type { CaptionDto } from '@/lib/captions/schema'
import type { captionVideoTask } from '@/lib/captions/tasks'
import type { TaskDto } from '@/lib/tasks/schema'

// The module that defines it is for servers: it reads the configuration.
const CAPTION_KIND: typeof captionVideoTask.name = 'video.caption'

const isCaptionTask = (task: TaskDto) => task.kind === CAPTION_KIND

/** The task that makes a track; without one, the last that was to make any. `tasks` are of one video, newest first. */
export const findCaptionTask = (tasks: readonly TaskDto[], track?: Pick<CaptionDto, 'taskId'>) =>
  track ? tasks.find(({ id }) => id === track.taskId) : tasks.find(isCaptionTask)

/** The tasks that listen right now, by the ids of their videos. */
export const activeCaptionTasksByVideo = (tasks: readonly TaskDto[]) =>
  new Map(
    tasks
      .filter((task) => isCaptionTask(task) && task.state === 'in_progress')
      .map((task) => [task.videoId ?? '', task] as const),
  )
