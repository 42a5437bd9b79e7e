import { TaskActions } from '@/app/features/tasks/task-actions'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { describeProgress, hasKnownProgress } from '@/app/features/tasks/time-left'
import { Progress } from '@/app/ui/progress'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/video-file'
import { isReplaceTask } from '../notice-tasks'

/** While the file of a video is replaced, and if that has failed. `tasks` are all that the page knows. */
export function ReplacementNotice({ video, tasks }: { video: VideoDto; tasks: readonly TaskDto[] }) {
  const [task] = tasks
    .filter((task) => isReplaceTask(task) && task.videoId === video.id)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
  if (!task || !(isUnfinished(task) || task.state === 'failed')) return null
  const { error } = task
  if (error)
    return (
      <p className="text-sm">
        <span className="font-medium text-destructive">{messages.notReplaced()}</span>{' '}
        {[error.message, error.advice, messages.notReplacedHint()].filter(Boolean).join(' ')}
      </p>
    )
  const transcode = tasks.find(({ id }) => id === task.parentId)
  const isTranscoding = transcode?.state === 'in_progress'
  return (
    <div className="flex flex-col gap-2 rounded-md border px-4 py-3 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <p>
          <span className="font-medium">{messages.replacing()}</span>{' '}
          <span className="text-muted-foreground">{messages.replacingHint()}</span>
        </p>
        <span className="flex items-center gap-2 text-muted-foreground tabular-nums">
          {isTranscoding && describeProgress(transcode)}
          <TaskActions task={task} name={messages.replacement()} />
        </span>
      </div>
      {isTranscoding && hasKnownProgress(transcode) && (
        <Progress value={transcode.progress} label={messages.progress()} />
      )}
    </div>
  )
}
