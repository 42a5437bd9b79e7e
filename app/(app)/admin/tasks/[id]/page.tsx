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
import * as messages from '@/lib/generated/messages/admin'

export const generateMetadata = () => ({ title: messages.task() })

/** One task of any user: its payload, attempts, and log. */
export default async function AdminTaskPage({ params }: IdPageProps) {
  await requireAdmin()
  const { id } = await params
  const details = await findOr404(id, () => readAdminTask(db(), id))
  const { task, owner, queue, payload, deaths, attempts, log, discard, isDeadLetter } = details
  const facts = [
    [messages.factUser(), owner],
    [messages.factKind(), task.kind],
    [messages.factQueue(), queue],
    [messages.factId(), task.id],
    ...(deaths > 0 ? ([[messages.factWorkerCrashes(), String(deaths)]] as const) : []),
    ...(discard ? ([[messages.factDismissed(), discard]] as const) : []),
  ] as const
  return (
    <div className="flex flex-col gap-6">
      <AutoRefresh everySeconds={2} />
      <TaskHeader
        task={task}
        back={{ href: '/admin/tasks', name: messages.pageAllTasks() }}
        note={task.error ? ` · ${task.error.message}` : undefined}
      >
        {isDeadLetter && (
          <DeadLetterActions selection={{ ids: [task.id] }} count={1} name={messages.thisTask()} />
        )}
      </TaskHeader>
      <div className="grid gap-6 md:grid-cols-[18rem_minmax(0,1fr)]">
        <Section title={messages.timeline()}>
          <TaskTimeline task={task} attempts={attempts} />
        </Section>
        <div className="flex min-w-0 flex-col gap-6">
          <Section title={messages.details()}>
            <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-1 rounded-xl border bg-card p-4 text-sm">
              {facts.map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-muted-foreground">{name}</dt>
                  <dd className="break-words">{value}</dd>
                </div>
              ))}
              <dt className="text-muted-foreground">{messages.payload()}</dt>
              <dd>
                <pre className="font-mono text-xs break-all whitespace-pre-wrap">{payload}</pre>
              </dd>
            </dl>
          </Section>
          <Section title={messages.log()}>
            <TaskLog lines={log} />
          </Section>
        </div>
      </div>
    </div>
  )
}
