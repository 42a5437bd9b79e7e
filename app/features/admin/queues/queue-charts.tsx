import type { ReactNode } from 'react'
import { formatElapsed } from '@/app/ui/format'
import type { QueueOverview } from '@/lib/queues/overview'
import * as messages from '@/lib/generated/messages/admin-queues'

const [WIDTH, HEIGHT] = [110, 40]

/** Enqueued (line) and finished (bars) tasks per minute of the last hour. */
export function RateChart({ points }: { points: QueueOverview['chart'] }) {
  const max = Math.max(1, ...points.flatMap((point) => [point.in, point.out]))
  const [step, y] = [WIDTH / points.length, (value: number) => HEIGHT - (value / max) * (HEIGHT - 2)]
  const line = points
    .map((point, n) => `${((n + 0.5) * step).toFixed(1)},${y(point.in).toFixed(1)}`)
    .join(' ')
  const [inCount, outCount] = [sum(points.map((point) => point.in)), sum(points.map((point) => point.out))]
  return (
    <Chart label={messages.rateChart({ enqueued: inCount, finished: outCount, max })} maximum={String(max)}>
      {points.map((point, n) => (
        <rect
          key={point.at}
          x={n * step + 0.25}
          width={step - 0.5}
          y={y(point.out)}
          height={HEIGHT - y(point.out)}
          className="fill-primary/45"
        />
      ))}
      <polyline
        points={line}
        fill="none"
        vectorEffect="non-scaling-stroke"
        className="stroke-foreground/70 stroke-1"
      />
    </Chart>
  )
}

/** The 95th percentile of the wait, per minute of the last hour. */
export function WaitChart({ points }: { points: QueueOverview['chart'] }) {
  const known = points.flatMap(({ waitSeconds }, n) => (waitSeconds === null ? [] : [{ n, waitSeconds }]))
  if (known.length === 0) return <span className="text-muted-foreground">–</span>
  const max = Math.max(0.01, ...known.map(({ waitSeconds }) => waitSeconds))
  const step = WIDTH / points.length
  const dots = known.map(({ n, waitSeconds }) => ({
    x: (n + 0.5) * step,
    y: HEIGHT - 2 - (waitSeconds / max) * (HEIGHT - 4),
  }))
  return (
    <Chart label={messages.waitChart({ duration: formatElapsed(max) })} maximum={formatElapsed(max)}>
      <polyline
        points={dots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        fill="none"
        vectorEffect="non-scaling-stroke"
        className="stroke-warning stroke-1"
      />
      {dots.map(({ x, y }) => (
        <rect key={x} x={x - 1} y={y - 1} width={2} height={2} className="fill-warning" />
      ))}
    </Chart>
  )
}

interface ChartProps {
  /** What the chart shows, for screen readers. */
  label: string
  /** The value at the top of the axis, with its unit; the bottom is 0. */
  maximum: string
  children: ReactNode
}

/** A chart of the last hour with both axes. */
const Chart = ({ label, maximum, children }: ChartProps) => (
  <figure
    className="grid w-fit grid-cols-[auto_1fr] gap-x-1.5 text-xs text-muted-foreground"
    role="img"
    aria-label={label}
  >
    <div className="flex h-10 flex-col justify-between text-end leading-none whitespace-nowrap" aria-hidden>
      <span>{maximum}</span>
      <span>0</span>
    </div>
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} className="h-10 border-b border-l" aria-hidden>
      {children}
    </svg>
    <div dir="ltr" className="col-start-2 flex justify-between pt-0.5 leading-none" aria-hidden>
      <span>{messages.hourAgo()}</span>
      <span>{messages.now()}</span>
    </div>
  </figure>
)

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
