import { ProcessList } from '@/app/features/admin/process-list'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { ProblemCard } from '@/app/ui/problem-card'
import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import { db } from '@/lib/database/db'
import { healthMessage } from '@/lib/health/health-messages'
import { readServerStatus } from '@/lib/health/server-status'
import { formatBytes } from '@/lib/text/format-bytes'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import * as messages from '@/lib/generated/messages/admin'

export const generateMetadata = () => ({ title: messages.pageServer() })

/** Problems, figures, machine hosts, and the processes of every computer. */
export default async function AdminPage() {
  await requireAdmin()
  const { missing, warnings, processes, tasks, videos, users, disk, hosts, machines } =
    await readServerStatus(db())
  const problems = [...missing, ...warnings]
  const figures = [
    [messages.figureWaiting(), tasks.queued],
    [messages.figureInProgress(), tasks.inProgress],
    [messages.figureFailed(), tasks.failedToday],
    [messages.figureVideos(), videos.count],
    [messages.figureMachines(), machines],
    [messages.figureUploaded(), formatBytes(videos.sourceBytes)],
    [messages.figureDiskFree(), formatBytes(disk.freeBytes)],
    [messages.figureUsers(), users],
  ] as const
  return (
    <div className="flex flex-col gap-8">
      <AutoRefresh everySeconds={5} />
      <h1 className="text-2xl font-semibold">{messages.pageServer()}</h1>
      {problems.length === 0 ? (
        <p className="rounded-xl border bg-card px-4 py-3">{messages.allOperational()}</p>
      ) : (
        problems.map((problem) => (
          <ProblemCard key={problem} title={healthMessage(problem)}>
            {problem.startsWith('sandbox') && (
              <p className="mt-1">
                {messages.noSandboxHint({
                  code: (children) => <code className="font-mono text-sm">{children}</code>,
                })}
              </p>
            )}
          </ProblemCard>
        ))
      )}
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {figures.map(([name, figure]) => (
          <div key={name} className="rounded-xl border bg-card px-4 py-3">
            <dt className="text-sm text-muted-foreground">{name}</dt>
            <dd className="text-xl font-semibold tabular-nums">{figure}</dd>
          </div>
        ))}
      </dl>
      <Section title={messages.machineHosts()}>
        {hosts.length === 0 ? (
          <p className="text-muted-foreground">{messages.noHosts()}</p>
        ) : (
          <ul className="divide-y rounded-xl border bg-card">
            {hosts.map((host) => (
              <li key={host.id} className="px-4 py-2">
                <p className="flex flex-wrap gap-x-4">
                  <span className="grow font-medium">{host.name}</span>
                  <span className="text-sm text-muted-foreground tabular-nums">
                    {messages.hostFacts({
                      count: host.machines,
                      time: () => <RelativeTime at={host.seenAt} />,
                    })}
                  </span>
                </p>
                <p className="text-sm text-muted-foreground">
                  {host.version} · {host.note}
                </p>
                {host.problem && <p className="text-sm text-destructive">{host.problem}</p>}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={messages.processes()}>
        <ProcessList processes={processes} />
      </Section>
    </div>
  )
}
