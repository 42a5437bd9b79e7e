import { formatBytes } from '@/lib/text/format-bytes'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import type { MachineSizeDto } from '@/lib/machines/size-schema'

const CHART_WIDTH = 120
const CHART_HEIGHT = 28

/** What the machine uses, over the time that this page has looked. */
export function UsageCharts({ usage, size }: { usage: ConsoleUsage[]; size: MachineSizeDto }) {
  const rate = (of: (now: ConsoleUsage) => number) =>
    usage.slice(1).map((now, n) => {
      const before = usage[n]!
      return Math.max(0, (of(now) - of(before)) / Math.max(0.001, (now.at - before.at) / 1000))
    })
  const cpu = rate((now) => now.cpuSeconds).map((share) => share / size.cpus)
  const memory = usage.map((now) => now.memoryBytes)
  const disk = rate((now) => now.diskReadBytes + now.diskWrittenBytes)
  const network = rate((now) => now.networkReceivedBytes + now.networkSentBytes)
  const memoryLimit = size.memoryMiB * 1024 ** 2
  return (
    <dl className="divide-y rounded-xl border bg-card">
      <Chart name="CPU" values={cpu} most={1} text={`${Math.round((cpu.at(-1) ?? 0) * 100)} %`} />
      <Chart name="Memory" values={memory} most={memoryLimit} text={formatBytes(memory.at(-1) ?? 0)} />
      <Chart name="Disk" values={disk} text={`${formatBytes(disk.at(-1) ?? 0)}/s`} />
      <Chart name="Network" values={network} text={`${formatBytes(network.at(-1) ?? 0)}/s`} />
    </dl>
  )
}

/** `most` is the top of the chart; without it the highest value is. */
function Chart({
  name,
  values,
  most,
  text,
}: {
  name: string
  values: number[]
  most?: number
  text: string
}) {
  const top = most ?? Math.max(1, ...values)
  const step = CHART_WIDTH / 89
  const from = CHART_WIDTH - (values.length - 1) * step
  const points = values.map((value, n) => {
    const y = CHART_HEIGHT - 1 - Math.min(1, value / top) * (CHART_HEIGHT - 2)
    return `${(from + n * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <div className="flex h-12 items-center gap-3 px-3.5">
      <dt className="w-16 shrink-0">{name}</dt>
      <svg
        viewBox={`0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`}
        className="h-7 min-w-0 grow"
        preserveAspectRatio="none"
        aria-hidden
      >
        {points.length > 1 && (
          <>
            <polygon
              className="fill-primary/15"
              points={`${from.toFixed(1)},${CHART_HEIGHT} ${points.join(' ')} ${CHART_WIDTH},${CHART_HEIGHT}`}
            />
            <polyline
              className="fill-none stroke-primary"
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
              points={points.join(' ')}
            />
          </>
        )}
      </svg>
      <dd className="w-20 shrink-0 text-right text-sm text-muted-foreground tabular-nums">
        {values.length ? text : '–'}
      </dd>
    </div>
  )
}
