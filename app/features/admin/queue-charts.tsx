import type { ReactNode } from 'react'
import { formatElapsed } from '@/app/ui/format'
import type { QueueOverview } from '@/lib/queues/overview'

const [WIDTH, HEIGHT] = [240, 36]

/** What came in (line) and what went out (bars), each minute of the last hour. */
export function RateChart({ points }: { points: QueueOverview['chart'] }) {
  const most = Math.max(1, ...points.flatMap((point) => [point.in, point.out]))
  const [step, y] = [WIDTH / points.length, (value: number) => HEIGHT - 1 - (value / most) * (HEIGHT - 3)]
  const line = points
    .map((point, n) => `${((n + 0.5) * step).toFixed(1)},${y(point.in).toFixed(1)}`)
    .join(' ')
  const [came, went] = [sum(points.map((point) => point.in)), sum(points.map((point) => point.out))]
  return (
    <Chart
      label={`In the last hour ${came} came in and ${went} went out`}
      words={['last hour', `${came} in · ${went} out · up to ${most}/min`]}
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

/** How long 95 of 100 waited at most, each minute of the last hour. */
export function WaitChart({ points }: { points: QueueOverview['chart'] }) {
  const known = points.flatMap(({ waitSeconds }, n) => (waitSeconds === null ? [] : [{ n, waitSeconds }]))
  const most = Math.max(0.01, ...known.map(({ waitSeconds }) => waitSeconds))
  const step = WIDTH / points.length
  const dots = known.map(({ n, waitSeconds }) => ({
    x: (n + 0.5) * step,
    y: HEIGHT - 3 - (waitSeconds / most) * (HEIGHT - 6),
  }))
  return (
    <Chart
      label={`Longest wait of 95 of 100 in the last hour: ${formatElapsed(most)}`}
      words={['wait, p95', known.length > 0 ? `up to ${formatElapsed(most)}` : 'nothing started']}
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

function Chart({ label, words, children }: { label: string; words: [string, string]; children: ReactNode }) {
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
        <span>{words[0]}</span>
        <span>{words[1]}</span>
      </figcaption>
    </figure>
  )
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
