import { DeadLetterActions } from '@/app/features/admin/dead-letter-actions'
import { Section } from '@/app/ui/section'
import { TaskHeader } from '@/app/features/tasks/task-header'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { TaskLog } from '@/app/features/tasks/task-log'
import { TaskTimeline } from '@/app/features/tasks/task-timeline'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { readAdminTask } from '@/lib/queues/admin-task'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import type { IdPageProps } from '@/app/page-props'

export const metadata = { title: 'Task' }

/** One task of any user: its payload, attempts, and log. */
export default async function AdminTaskPage({ params }: IdPageProps) {
  await requireAdmin()
  const { id } = await params
  const details = await findOr404(id, () => readAdminTask(db(), id))
  const { task, owner, queue, payload, deaths, attempts, log, discard, isDeadLetter } = details
  const facts = [
    ['User', owner],
    ['Kind', task.kind],
    ['Queue', queue],
    ['ID', task.id],
    ...(deaths > 0 ? ([['Worker crashes', String(deaths)]] as const) : []),
    ...(discard ? ([['Dismissed', discard]] as const) : []),
  ] as const
  return (
    <div className="flex flex-col gap-6">
      <AutoRefresh everySeconds={2} />
      <TaskHeader
        task={task}
        back={{ href: '/admin/tasks', name: 'All tasks' }}
        note={task.error ? ` · ${task.error.message}` : undefined}
      >
        {isDeadLetter && <DeadLetterActions selection={{ ids: [task.id] }} count={1} name="this task" />}
      </TaskHeader>
      <div className="grid gap-6 md:grid-cols-[18rem_minmax(0,1fr)]">
        <Section title="Timeline">
          <TaskTimeline task={task} attempts={attempts} />
        </Section>
        <div className="flex min-w-0 flex-col gap-6">
          <Section title="Details">
            <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-1 rounded-xl border bg-card p-4 text-sm">
              {facts.map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-muted-foreground">{name}</dt>
                  <dd className="break-words">{value}</dd>
                </div>
              ))}
              <dt className="text-muted-foreground">Payload</dt>
              <dd>
                <pre className="font-mono text-xs break-all whitespace-pre-wrap">{payload}</pre>
              </dd>
            </dl>
          </Section>
          <Section title="Log">
            <TaskLog lines={log} />
          </Section>
        </div>
      </div>
    </div>
  )
}
