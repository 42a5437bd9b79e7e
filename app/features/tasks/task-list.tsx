import { Link } from '@/app/ui/link'
import type { TaskDto } from '@/lib/tasks/schema'
import { TaskStatusIcon } from './task-status-icon'
import { formatDuration } from '@/app/ui/format'
import { taskStateLabel } from './task-state'
import { describeProgress } from './time-left'

/** The tasks of one video or machine, each linked to its page. */
export function TaskList({ tasks }: { tasks: TaskDto[] }) {
  return (
    <ol className="divide-y rounded-xl border bg-card">
      {tasks.map((task) => (
        <li key={task.id}>
          <Link
            href={`/tasks/${task.id}`}
            data-row={task.id}
            className="flex min-h-10 items-center gap-2.5 px-3.5 py-2 hover:bg-muted"
          >
            <TaskStatusIcon state={task.state} isSkipped={task.isSkipped} />
            <span className="grow">{task.label}</span>
            <span className="text-sm whitespace-nowrap text-muted-foreground tabular-nums">
              {taskSummary(task)}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  )
}

function taskSummary(task: TaskDto) {
  if (task.state === 'in_progress') return describeProgress(task)
  if (task.isSkipped || task.state !== 'done' || !task.startedAt || !task.finishedAt)
    return taskStateLabel(task)
  return formatDuration((Date.parse(task.finishedAt) - Date.parse(task.startedAt)) / 1000)
}
