import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import type { WorkerOverview } from '@/lib/queues/workers'

/** The online workers and their running tasks. */
export function WorkerList({ workers }: { workers: readonly WorkerOverview[] }) {
  if (workers.length === 0)
    return <p className="text-muted-foreground">No workers online. Tasks wait until one starts.</p>
  return (
    <ul className="divide-y rounded-xl border bg-card">
      {workers.map((worker) => (
        <li key={worker.id} className="px-4 py-2.5">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="grow font-medium">{worker.name}</span>
            <span className="text-sm text-muted-foreground">
              {worker.work.length === 0 ? 'Idle' : `${worker.work.length} running`} · started{' '}
              <RelativeTime at={worker.startedAt} />
            </span>
          </p>
          {worker.work.slice(0, 12).map((task) => (
            <p key={task.taskId} className="flex flex-wrap items-baseline gap-x-3 text-sm">
              <Link href={`/admin/tasks/${task.taskId}`} className="min-w-0 grow truncate hover:underline">
                {task.label}
                <span className="text-muted-foreground"> · {task.email}</span>
              </Link>
              <span className="text-muted-foreground tabular-nums">
                {task.stage && `${task.stage} · `}
                {Math.round(task.progress * 100)} % · started <RelativeTime at={task.startedAt} />
              </span>
            </p>
          ))}
        </li>
      ))}
    </ul>
  )
}
