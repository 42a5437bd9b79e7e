import { formatElapsed } from '@/app/ui/format'
import { RelativeTime } from '@/app/ui/relative-time'
import type { QueueOverview } from '@/lib/queues/overview'
import { PauseQueueButton } from './pause-queue-button'
import { RateChart, WaitChart } from './queue-charts'

/** One queue: depth, age, rate, wait and run times, and whether it is paused. */
export function QueueCard({ queue }: { queue: QueueOverview }) {
  const name = queue.host ? `${queue.title} on ${queue.host}` : queue.title
  const isIdle = !queue.waits && queue.chart.every((point) => point.in + point.out === 0)
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-xl border bg-card p-4" data-queue={queue.queue}>
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="truncate font-medium">{queue.title}</h3>
          <p className="truncate font-mono text-xs text-muted-foreground">{queue.queue.split('/')[0]}</p>
        </div>
        <PauseQueueButton queue={queue.queue} title={name} isPaused={queue.pausedAt !== null} />
      </div>
      {queue.pausedAt && (
        <p className="rounded-md border border-warning/50 px-2.5 py-1 text-sm text-warning">
          Paused by {queue.pausedBy} <RelativeTime at={queue.pausedAt} />. Waiting tasks stay queued.
        </p>
      )}
      {!queue.isTaken && (
        <p className="rounded-md border border-warning/50 px-2.5 py-1 text-sm text-warning">
          No worker takes this queue. Tasks wait until one does.
        </p>
      )}
      <dl className="grid grid-cols-3 gap-2 tabular-nums">
        <Metric
          name="Waiting"
          value={String(queue.waiting)}
          note={queue.held > 0 ? `${queue.held} on hold` : ''}
        />
        <Metric
          name="Oldest"
          value={queue.oldestSeconds === null ? '–' : formatElapsed(queue.oldestSeconds)}
        />
        <Metric name="Running" value={String(queue.running)} />
      </dl>
      {isIdle ? (
        <p className="text-sm text-muted-foreground">No activity in the last hour.</p>
      ) : (
        <>
          <RateChart points={queue.chart} />
          <WaitChart points={queue.chart} />
          <dl className="grid grid-cols-2 gap-2 text-sm tabular-nums">
            <Percentiles name="Wait" times={queue.waits} />
            <Percentiles name="Run" times={queue.runs} />
          </dl>
        </>
      )}
    </li>
  )
}

interface MetricProps {
  name: string
  value: string
  note?: string
}

const Metric = ({ name, value, note }: MetricProps) => (
  <div>
    <dt className="text-xs text-muted-foreground">{name}</dt>
    <dd className="text-xl font-semibold">{value}</dd>
    {note && <dd className="text-xs text-muted-foreground">{note}</dd>}
  </div>
)

interface PercentilesProps {
  name: string
  /** p50 and p95 in seconds. */
  times: [number, number] | null
}

const Percentiles = ({ name, times }: PercentilesProps) => (
  <div>
    <dt className="text-xs text-muted-foreground">{name} p50 · p95, last 5 min</dt>
    <dd>{times ? `${formatElapsed(times[0])} · ${formatElapsed(times[1])}` : '–'}</dd>
  </div>
)
