import type { ReactNode } from 'react'
import { formatElapsed } from '@/app/ui/format'
import type { QueueOverview } from '@/lib/queues/overview'

const [WIDTH, HEIGHT] = [240, 36]

/** Enqueued (line) and finished (bars) tasks per minute of the last hour. */
export function RateChart({ points }: { points: QueueOverview['chart'] }) {
  const max = Math.max(1, ...points.flatMap((point) => [point.in, point.out]))
  const [step, y] = [WIDTH / points.length, (value: number) => HEIGHT - 1 - (value / max) * (HEIGHT - 3)]
  const line = points
    .map((point, n) => `${((n + 0.5) * step).toFixed(1)},${y(point.in).toFixed(1)}`)
    .join(' ')
  const [inCount, outCount] = [sum(points.map((point) => point.in)), sum(points.map((point) => point.out))]
  return (
    <Chart
      label={`Last hour: ${inCount} enqueued, ${outCount} finished`}
      captions={['Last hour', `${inCount} in · ${outCount} out · peak ${max}/min`]}
    >
      {points.map((point, n) => (
        <rect
          key={point.at}
          x={n * step + 0.5}
          width={step - 1}
          y={y(point.out)}
          height={HEIGHT - 1 - y(point.out)}
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
  const max = Math.max(0.01, ...known.map(({ waitSeconds }) => waitSeconds))
  const step = WIDTH / points.length
  const dots = known.map(({ n, waitSeconds }) => ({
    x: (n + 0.5) * step,
    y: HEIGHT - 3 - (waitSeconds / max) * (HEIGHT - 6),
  }))
  return (
    <Chart
      label={`Last hour: p95 wait up to ${formatElapsed(max)}`}
      captions={['Wait p95', known.length > 0 ? `peak ${formatElapsed(max)}` : 'nothing started']}
    >
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
  label: string
  /** Shown below the chart, at its start and end. */
  captions: [string, string]
  children: ReactNode
}

function Chart({ label, captions, children }: ChartProps) {
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-9 w-full"
        role="img"
        aria-label={label}
      >
        {children}
      </svg>
      <figcaption className="flex justify-between text-xs text-muted-foreground tabular-nums">
        <span>{captions[0]}</span>
        <span>{captions[1]}</span>
      </figcaption>
    </figure>
  )
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
