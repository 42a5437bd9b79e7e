import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import {
  describeClock,
  describeEncoder,
  describeLoad,
  describeQueues,
  listProcessProblems,
} from '@/lib/cluster/describe-process'
import { groupByComputer } from '@/lib/cluster/group-by-computer'
import type { ProcessDto } from '@/lib/cluster/schema'
import { formatBytes } from '@/lib/text/format-bytes'
import * as messages from '@/lib/generated/messages/admin'

/** Tasks shown of one process. */
const MAX_TASKS = 12

/** The processes of each computer: what they take, how they are, and their running tasks. */
export function ProcessList({ processes }: { processes: readonly ProcessDto[] }) {
  if (processes.length === 0) return <p className="text-muted-foreground">{messages.noWorkers()}</p>
  return (
    <ul className="flex flex-col gap-4">
      {groupByComputer(processes).map(({ name, latest, processes: members }) => (
        <li key={name} className="overflow-hidden rounded-xl border bg-card">
          <p className="flex flex-wrap items-baseline gap-x-4 border-b px-4 py-2">
            <span className="min-w-0 grow font-medium break-words">{name}</span>
            <span className="text-sm text-muted-foreground tabular-nums">{describeLoad(latest)}</span>
          </p>
          <ul className="divide-y">
            {members.map((member) => (
              <ProcessRow key={member.id} process={member} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function ProcessRow({ process }: { process: ProcessDto }) {
  const { role, pid, tasks } = process
  const facts = [
    process.version,
    process.rssBytes === null ? null : formatBytes(process.rssBytes),
    describeClock(process),
    describeEncoder(process),
    process.storageProblem === null && process.version ? messages.storageReachable() : null,
  ].filter((fact) => fact !== null)
  return (
    <li className="flex flex-col gap-0.5 px-4 py-2.5" data-process={process.id}>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="grow">
          {role === 'web' ? messages.roleWeb() : messages.roleWorker()}{' '}
          <span className="text-muted-foreground">· {pid}</span>
        </span>
        <span className="text-sm text-muted-foreground">
          {role === 'worker' &&
            `${tasks.length === 0 ? messages.idle() : messages.runningTasks({ count: tasks.length })} · `}
          {messages.processTimes({
            started: () => <RelativeTime at={process.startedAt} />,
            seen: () => <RelativeTime at={process.seenAt} />,
          })}
        </span>
      </p>
      <p className="text-sm text-muted-foreground tabular-nums">{facts.join(' · ')}</p>
      <p className="text-sm break-words text-muted-foreground">{describeQueues(process)}</p>
      {listProcessProblems(process).map((problem) => (
        <p key={problem} className="text-sm text-destructive">
          {problem}
        </p>
      ))}
      {tasks.slice(0, MAX_TASKS).map((task) => (
        <p key={task.taskId} className="flex flex-wrap items-baseline gap-x-3 text-sm">
          <Link href={`/admin/tasks/${task.taskId}`} className="min-w-0 grow truncate hover:underline">
            {task.label}
            <span className="text-muted-foreground"> · {task.email}</span>
          </Link>
          <span className="text-muted-foreground tabular-nums">
            {task.stage && `${task.stage} · `}
            {messages.taskProgress({
              percent: Math.round(task.progress * 100),
              started: () => <RelativeTime at={task.startedAt} />,
            })}
          </span>
        </p>
      ))}
    </li>
  )
}
