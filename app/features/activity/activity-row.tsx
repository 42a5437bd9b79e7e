import { memo } from 'react'
import { taskStateLabel } from '@/app/features/tasks/task-state'
import { describeProgress } from '@/app/features/tasks/time-left'
import { TaskStatusIcon } from '@/app/features/tasks/task-status-icon'
import { TaskTitle } from '@/app/features/tasks/task-title'
import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import type { TaskDto } from '@/lib/tasks/schema'

interface Props {
  task: TaskDto
  /** The name of the video or machine. */
  title?: string
}

export const ActivityRow = memo(function ActivityRow({ task, title }: Props) {
  return (
    <li>
      <Link
        href={`/tasks/${task.id}`}
        data-row={task.id}
        className="flex min-h-10 items-center gap-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
      >
        <TaskStatusIcon state={task.state} isSkipped={task.isSkipped} />
        <TaskTitle subject={title} label={task.label} />
        <span
          className={`shrink-0 text-sm tabular-nums ${task.state === 'failed' ? 'text-destructive' : 'text-muted-foreground'}`}
        >
          {taskStateLabel(task)}
          {task.state === 'in_progress' && task.stage && (
            <span className="max-sm:hidden"> · {task.stage}</span>
          )}
          {task.state === 'in_progress' && ` · ${describeProgress(task)}`}
        </span>
        <span className="w-28 shrink-0 text-end text-sm text-muted-foreground max-sm:hidden">
          <RelativeTime at={task.finishedAt ?? task.startedAt ?? task.createdAt} />
        </span>
      </Link>
    </li>
  )
})
