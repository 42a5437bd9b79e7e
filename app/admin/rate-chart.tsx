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
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-9 w-full"
        role="img"
        aria-label={`In the last hour ${came} came in and ${went} went out`}
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
      </svg>
      <figcaption className="flex justify-between text-xs text-muted-foreground tabular-nums">
        <span>last hour</span>
        <span>
          {came} in · {went} out · up to {most}/min
        </span>
      </figcaption>
    </figure>
  )
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
