import { durationText, stateNames } from '@/app/components/words'
import type { LogLineDto, TaskDto } from '@/lib/tasks/contract'

interface Moment {
  name: string
  at: string
  look?: string
}

/** Asked for, every attempt, and the end, with the time between them. */
export function Timeline({ task, log }: { task: TaskDto; log: LogLineDto[] }) {
  const attempts = new Map<number, Moment>()
  for (const { attempt, at } of log)
    if (!attempts.has(attempt))
      attempts.set(attempt, { name: `Attempt ${attempt} of ${task.maxAttempts}`, at })
  const moments: Moment[] = [{ name: 'Asked for', at: task.createdAt }, ...attempts.values()]
  if (task.finishedAt)
    moments.push({
      name: stateNames[task.state],
      at: task.finishedAt,
      look: task.state === 'failed' ? 'bg-destructive' : 'bg-primary',
    })
  return (
    <ol className="rounded-xl border bg-card p-4">
      {moments.map(({ name, at, look = 'bg-muted-foreground' }, n) => (
        <li key={name} className="relative pb-4 pl-6 last:pb-0">
          {n < moments.length - 1 && (
            <span className="absolute top-3 bottom-[-0.4rem] left-[3px] w-px bg-border" />
          )}
          <span className={`absolute top-[7px] left-0 size-[7px] rounded-full ${look}`} />
          <p>{name}</p>
          <p className="text-sm text-muted-foreground tabular-nums">
            <time dateTime={at} suppressHydrationWarning>
              {new Date(at).toLocaleString()}
            </time>
            {n > 0 && ` · after ${gap(moments[n - 1]!.at, at)}`}
          </p>
        </li>
      ))}
    </ol>
  )
}

const gap = (from: string, to: string) => durationText(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000)
