import type { CaptionDto } from '@/lib/captions/contract'
import type { captionVideo } from '@/lib/captions/kinds'
import type { TaskDto } from '@/lib/tasks/contract'

// The module that defines it is for servers: it reads the configuration.
const LISTEN: typeof captionVideo.name = 'video.caption'

const isListening = (task: TaskDto) => task.kind === LISTEN

/** The task that makes a track; without one, the last that was to make any. `tasks` are of one video, newest first. */
export const captionTask = (tasks: readonly TaskDto[], track?: Pick<CaptionDto, 'taskId'>) =>
  track ? tasks.find(({ id }) => id === track.taskId) : tasks.find(isListening)

/** The tasks that listen right now, by the ids of their videos. */
export const listeningTo = (tasks: readonly TaskDto[]) =>
  new Map(
    tasks
      .filter((task) => isListening(task) && task.state === 'in_progress')
      .map((task) => [task.videoId ?? '', task] as const),
  )
