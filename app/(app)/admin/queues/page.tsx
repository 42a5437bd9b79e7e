import { Link } from '@/app/ui/link'
import { QueueSettings } from '@/app/features/admin/queues/queue-settings'
import { QueueTable } from '@/app/features/admin/queues/queue-table'
import { QueueTerms } from '@/app/features/admin/queues/queue-terms'
import { Disclosure } from '@/app/ui/disclosure'
import { ScheduleList } from '@/app/features/admin/schedule-list'
import { ProcessList } from '@/app/features/admin/process-list'
import { Section } from '@/app/ui/section'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { listProcesses } from '@/lib/cluster/queries'
import { db } from '@/lib/database/db'
import { countDeadLetters } from '@/lib/queues/dead-letters'
import { readQueuesOverview } from '@/lib/queues/overview'
import { listSchedules } from '@/lib/schedules/queries'
import { boss } from '@/lib/tasks/boss'
import { kindLabel } from '@/lib/tasks/registry'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import * as messages from '@/lib/generated/messages/admin-queues'

export const generateMetadata = () => ({ title: messages.queues() })

/** Queues, workers, schedules, and queue settings. */
export default async function QueuesPage() {
  await requireAdmin()
  const [queues, processes, schedules, deadLetters] = await Promise.all([
    readQueuesOverview(db()),
    listProcesses(db(), kindLabel),
    listSchedules({ db: db(), boss: await boss() }),
    countDeadLetters(db()),
  ])
  const hosts = [...new Set(queues.flatMap(({ host }) => host ?? []))]
  return (
    <div className="flex flex-col gap-8">
      <AutoRefresh everySeconds={2} />
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h1 className="text-2xl font-semibold">{messages.queues()}</h1>
        {deadLetters > 0 && (
          <Link href="/admin/dead-letters" className="text-destructive underline">
            {messages.deadLetters({ count: deadLetters })}
          </Link>
        )}
      </div>
      <Section title={messages.sharedQueues()}>
        <QueueTable title={messages.sharedQueues()} queues={queues.filter(({ host }) => host === null)} />
      </Section>
      {hosts.map((host) => (
        <Section key={host} title={messages.host({ host })}>
          <QueueTable
            title={messages.queuesOfHost({ host })}
            queues={queues.filter((queue) => queue.host === host)}
          />
        </Section>
      ))}
      <Section title={messages.workers()}>
        <ProcessList processes={processes.filter(({ role }) => role === 'worker')} />
      </Section>
      <Section title={messages.schedules()}>
        <ScheduleList schedules={schedules} />
      </Section>
      <Section title={messages.helpAndSettings()}>
        <div className="flex flex-col gap-3">
          <QueueTerms />
          <Disclosure summary={messages.settingsOfKinds()}>
            <QueueSettings />
          </Disclosure>
        </div>
      </Section>
    </div>
  )
}
