import * as messages from '@/lib/generated/messages/task-page'
import { DateTime } from '@/app/ui/date-time'
import { formatElapsed } from '@/app/ui/format'
import { taskStateLabel } from './task-state'
import type { AttemptDto } from '@/lib/tasks/attempts'
import type { TaskDto } from '@/lib/tasks/schema'

interface TimelineEntry {
  name: string
  at: string
  dotClass?: string
  note?: string
}

type TimelineTask = Pick<
  TaskDto,
  'state' | 'isSkipped' | 'maxAttempts' | 'createdAt' | 'finishedAt' | 'seenAt'
>

interface Props {
  task: TimelineTask
  attempts: readonly AttemptDto[]
}

/** When a task was requested, each attempt, its end, and when a browser showed it, with the time between. */
export function TaskTimeline({ task, attempts }: Props) {
  const entries = timelineEntries(task, attempts)
  return (
    <ol className="rounded-xl border bg-card p-4">
      {entries.map(({ name, at, dotClass = 'bg-muted-foreground', note }, n) => (
        <li key={`${name} ${at}`} className="relative ps-6 pb-4 last:pb-0">
          {n < entries.length - 1 && (
            <span className="absolute top-3 bottom-[-0.4rem] start-[3px] w-px bg-border" />
          )}
          <span className={`absolute top-[7px] start-0 size-[7px] rounded-full ${dotClass}`} />
          <p>{name}</p>
          {note && <p className="text-sm break-words text-muted-foreground">{note}</p>}
          <p className="text-sm text-muted-foreground tabular-nums">
            <DateTime at={at} style="second" />
            {n > 0 && (
              <span className="whitespace-nowrap">
                {' · '}
                {messages.later({ duration: formatGap(entries[n - 1]!.at, at) })}
              </span>
            )}
          </p>
        </li>
      ))}
    </ol>
  )
}

function timelineEntries(task: TimelineTask, attempts: readonly AttemptDto[]) {
  const entries: TimelineEntry[] = [{ name: messages.requested(), at: task.createdAt }]
  for (const attempt of attempts) {
    entries.push({
      name: messages.attempt({ attempt: attempt.attempt, max: task.maxAttempts }),
      at: attempt.startedAt,
    })
    // The end of the last attempt is shown as the end of the task.
    const isLast = attempt === attempts.at(-1) && task.finishedAt
    if (attempt.endedAt && attempt.outcome && !isLast)
      entries.push({
        name: messages.attemptEnd({ attempt: attempt.attempt, outcome: attempt.outcome }),
        at: attempt.endedAt,
        note: attempt.error?.detail,
        dotClass: 'bg-warning',
      })
  }
  if (task.finishedAt)
    entries.push({
      name:
        task.state === 'done' && !task.isSkipped
          ? messages.completed()
          : taskStateLabel({ ...task, position: null }),
      at: task.finishedAt,
      note: attempts.at(-1)?.error?.detail,
      dotClass: task.state === 'failed' ? 'bg-destructive' : 'bg-primary',
    })
  if (task.finishedAt && task.seenAt) entries.push({ name: messages.viewed(), at: task.seenAt })
  return entries
}

const formatGap = (from: string, to: string) =>
  formatElapsed(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000)
