import { TaskActions } from '@/app/features/tasks/task-actions'
import { isUnfinished } from '@/app/features/tasks/task-state'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/video-poster'
import { isPosterTask } from '../notice-tasks'

/** While the thumbnail of a video is changed, and if that has failed. `tasks` are those of the video. */
export function PosterNotice({ tasks }: { tasks: readonly TaskDto[] }) {
  const task = tasks.filter(isPosterTask).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]
  if (!task || !(isUnfinished(task) || task.state === 'failed')) return null
  const { error } = task
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {error ? (
        <p>
          <span className="font-medium text-destructive">{messages.notChanged()}</span>{' '}
          {[error.message, error.advice].filter(Boolean).join(' ')}
        </p>
      ) : (
        <>
          <p className="text-muted-foreground">{messages.changing()}</p>
          <TaskActions task={task} name={messages.change()} />
        </>
      )}
    </div>
  )
}
