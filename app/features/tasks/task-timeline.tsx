import { formatElapsed } from '@/app/ui/format'
import { taskStateLabels } from './task-state'
import type { AttemptDto } from '@/lib/tasks/attempts'
import type { TaskDto } from '@/lib/tasks/schema'

interface TimelineEntry {
  name: string
  at: string
  dotClass?: string
  note?: string
}

type TimelineTask = Pick<TaskDto, 'state' | 'maxAttempts' | 'createdAt' | 'finishedAt' | 'seenAt'>

const outcomeLabels: Record<NonNullable<AttemptDto['outcome']>, string> = {
  done: 'went well',
  failed: 'failed',
  retry: 'failed, to be tried again',
  later: 'put off',
  handed_over: 'handed over to another worker',
  canceled: 'stopped',
  died: 'its worker stopped',
  expired: 'took too long',
}

/** From what was asked for to what was seen: written down, every attempt, stored, seen; and the time between. */
export function TaskTimeline({ task, attempts }: { task: TimelineTask; attempts: readonly AttemptDto[] }) {
  const moments = timelineEntries(task, attempts)
  return (
    <ol className="rounded-xl border bg-card p-4">
      {moments.map(({ name, at, dotClass: look = 'bg-muted-foreground', note }, n) => (
        <li key={`${name} ${at}`} className="relative pb-4 pl-6 last:pb-0">
          {n < moments.length - 1 && (
            <span className="absolute top-3 bottom-[-0.4rem] left-[3px] w-px bg-border" />
          )}
          <span className={`absolute top-[7px] left-0 size-[7px] rounded-full ${look}`} />
          <p>{name}</p>
          {note && <p className="text-sm break-words text-muted-foreground">{note}</p>}
          <p className="text-sm text-muted-foreground tabular-nums">
            <time dateTime={at} suppressHydrationWarning>
              {new Date(at).toLocaleString()}
            </time>
            {n > 0 && <span className="whitespace-nowrap"> · after {formatGap(moments[n - 1]!.at, at)}</span>}
          </p>
        </li>
      ))}
    </ol>
  )
}

function timelineEntries(task: TimelineTask, attempts: readonly AttemptDto[]) {
  const moments: TimelineEntry[] = [{ name: 'Asked for', at: task.createdAt }]
  for (const run of attempts) {
    moments.push({ name: `Attempt ${run.attempt} of ${task.maxAttempts}`, at: run.startedAt })
    // The end of the last one is the end of the task.
    const isLast = run === attempts.at(-1) && task.finishedAt
    if (run.endedAt && run.outcome && !isLast)
      moments.push({
        name: `Attempt ${run.attempt} ${outcomeLabels[run.outcome]}`,
        at: run.endedAt,
        note: run.error?.detail,
        dotClass: 'bg-warning',
      })
  }
  if (task.finishedAt)
    moments.push({
      name: task.state === 'done' ? 'Done and stored' : taskStateLabels[task.state],
      at: task.finishedAt,
      note: attempts.at(-1)?.error?.detail,
      dotClass: task.state === 'failed' ? 'bg-destructive' : 'bg-primary',
    })
  if (task.finishedAt && task.seenAt) moments.push({ name: 'Seen by a browser', at: task.seenAt })
  return moments
}

const formatGap = (from: string, to: string) =>
  formatElapsed(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000)
