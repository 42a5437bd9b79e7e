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

const outcomeLabels: Record<NonNullable<AttemptDto['outcome']>, string> = {
  done: 'completed',
  failed: 'failed',
  retry: 'failed; retrying',
  later: 'postponed',
  handed_over: 'handed over to another worker',
  canceled: 'canceled',
  died: 'interrupted: the worker stopped',
  expired: 'timed out',
}

/** When a task was requested, each attempt, its end, and when a browser showed it, with the time between. */
export function TaskTimeline({ task, attempts }: Props) {
  const entries = timelineEntries(task, attempts)
  return (
    <ol className="rounded-xl border bg-card p-4">
      {entries.map(({ name, at, dotClass = 'bg-muted-foreground', note }, n) => (
        <li key={`${name} ${at}`} className="relative pb-4 pl-6 last:pb-0">
          {n < entries.length - 1 && (
            <span className="absolute top-3 bottom-[-0.4rem] left-[3px] w-px bg-border" />
          )}
          <span className={`absolute top-[7px] left-0 size-[7px] rounded-full ${dotClass}`} />
          <p>{name}</p>
          {note && <p className="text-sm break-words text-muted-foreground">{note}</p>}
          <p className="text-sm text-muted-foreground tabular-nums">
            <DateTime at={at} style="second" />
            {n > 0 && <span className="whitespace-nowrap"> · {formatGap(entries[n - 1]!.at, at)} later</span>}
          </p>
        </li>
      ))}
    </ol>
  )
}

function timelineEntries(task: TimelineTask, attempts: readonly AttemptDto[]) {
  const entries: TimelineEntry[] = [{ name: 'Requested', at: task.createdAt }]
  for (const attempt of attempts) {
    entries.push({ name: `Attempt ${attempt.attempt} of ${task.maxAttempts}`, at: attempt.startedAt })
    // The end of the last attempt is shown as the end of the task.
    const isLast = attempt === attempts.at(-1) && task.finishedAt
    if (attempt.endedAt && attempt.outcome && !isLast)
      entries.push({
        name: `Attempt ${attempt.attempt} ${outcomeLabels[attempt.outcome]}`,
        at: attempt.endedAt,
        note: attempt.error?.detail,
        dotClass: 'bg-warning',
      })
  }
  if (task.finishedAt)
    entries.push({
      name:
        task.state === 'done' && !task.isSkipped ? 'Completed' : taskStateLabel({ ...task, position: null }),
      at: task.finishedAt,
      note: attempts.at(-1)?.error?.detail,
      dotClass: task.state === 'failed' ? 'bg-destructive' : 'bg-primary',
    })
  if (task.finishedAt && task.seenAt) entries.push({ name: 'Viewed', at: task.seenAt })
  return entries
}

const formatGap = (from: string, to: string) =>
  formatElapsed(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000)
