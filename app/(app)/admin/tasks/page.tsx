import { Link } from '@/app/ui/link'
import { TaskSearch } from '@/app/features/admin/task-search'
import { TaskStatusIcon } from '@/app/features/tasks/task-status-icon'
import { TaskTitle } from '@/app/features/tasks/task-title'
import { EmptyMessage } from '@/app/ui/empty-message'
import { RelativeTime } from '@/app/ui/relative-time'
import { taskStateLabels } from '@/app/features/tasks/task-state'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { searchTasks, taskSearchSchema } from '@/lib/queues/search'
import { kinds } from '@/lib/kinds'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import type { SearchPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/admin'

export const generateMetadata = () => ({ title: messages.pageAllTasks() })

/** The tasks of all users, filtered by text, kind, and state. */
export default async function AdminTasksPage({ searchParams }: SearchPageProps) {
  await requireAdmin()
  const filter = taskSearchSchema.catch({ search: '', kind: '', state: '' }).parse(await searchParams)
  const tasks = await searchTasks(db(), filter)
  return (
    <div className="flex flex-col gap-4">
      <AutoRefresh everySeconds={3} />
      <h1 className="text-2xl font-semibold">{messages.pageAllTasks()}</h1>
      <TaskSearch filter={filter} kinds={kinds.map(({ name, label }) => [name, label()] as const)} />
      {tasks.length === 0 ? (
        <EmptyMessage>{messages.noMatchingTasks()}</EmptyMessage>
      ) : (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {tasks.map((task) => (
            <li key={task.id}>
              <Link
                href={`/admin/tasks/${task.id}`}
                data-row={task.id}
                className="flex min-h-10 items-center gap-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
              >
                <TaskStatusIcon state={task.state} />
                <TaskTitle subject={task.subject} label={task.label}>
                  <span className="text-muted-foreground"> · {task.email}</span>
                  {task.message && <span className="text-destructive"> · {task.message}</span>}
                </TaskTitle>
                <span className="shrink-0 text-sm text-muted-foreground">
                  {taskStateLabels[task.state]()}
                </span>
                <span className="w-28 shrink-0 text-end text-sm text-muted-foreground max-sm:hidden">
                  <RelativeTime at={task.at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
