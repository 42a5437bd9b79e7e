import { Link } from '@/app/components/link'
import type { TaskDto } from '@/lib/tasks/contract'
import { TaskMark } from './task-mark'
import { durationText, stateText } from './words'

/** What is and was done, each leading to its timeline and log. */
export function WorkList({ tasks }: { tasks: TaskDto[] }) {
  return (
    <ol className="divide-y rounded-xl border bg-card">
      {tasks.map((one) => (
        <li key={one.id}>
          <Link
            href={`/tasks/${one.id}`}
            className="flex min-h-10 items-center gap-2.5 px-3.5 py-2 hover:bg-muted"
          >
            <TaskMark state={one.state} />
            <span className="grow">{one.label}</span>
            <span className="text-sm whitespace-nowrap text-muted-foreground tabular-nums">
              {howLong(one)}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  )
}

function howLong(task: TaskDto) {
  if (task.state === 'in_progress') return `${Math.round(task.progress * 100)} %`
  if (task.state !== 'done' || !task.startedAt || !task.finishedAt) return stateText(task)
  return durationText((Date.parse(task.finishedAt) - Date.parse(task.startedAt)) / 1000)
}
