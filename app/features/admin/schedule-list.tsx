import { DateTime } from '@/app/ui/date-time'
import { RelativeTime } from '@/app/ui/relative-time'
import type { ScheduleDto } from '@/lib/schedules/queries'
import { RunNowButton } from './run-now-button'
import * as messages from '@/lib/generated/messages/admin-queues'

/** By pg-boss job state. */
const outcomeLabels: Record<string, () => string> = {
  created: messages.outcomeCreated,
  retry: messages.outcomeRetry,
  active: messages.outcomeActive,
  completed: messages.outcomeCompleted,
  cancelled: messages.outcomeCanceled,
  failed: messages.outcomeFailed,
}

/** The maintenance schedules: last run, outcome, next run. */
export function ScheduleList({ schedules }: { schedules: readonly ScheduleDto[] }) {
  return (
    <ul className="divide-y rounded-xl border bg-card">
      {schedules.map(({ name, label, cron, nextAt, last }) => (
        <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
          <div className="min-w-0 grow">
            <p className="font-medium">{label}</p>
            <p className="text-sm text-muted-foreground">
              {last ? (
                <>
                  <span className={last.state === 'failed' ? 'text-destructive' : ''}>
                    {outcomeLabels[last.state]?.() ?? last.state}
                  </span>{' '}
                  <RelativeTime at={last.at} />
                  {last.summary && ` · ${last.summary}`}
                </>
              ) : (
                messages.neverRun()
              )}
            </p>
          </div>
          <p className="grow text-sm text-muted-foreground tabular-nums sm:grow-0 sm:text-end">
            <code className="font-mono text-xs">{cron}</code>
            <br />
            {messages.next({ time: () => <DateTime at={nextAt} /> })}
          </p>
          <RunNowButton name={name} label={label} />
        </li>
      ))}
    </ul>
  )
}
