import { formatBytes } from '@/lib/text/format-bytes'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import type { MachineSizeDto } from '@/lib/machines/size-schema'
import { formatMebibytes } from '@/lib/machines/sizes'
import * as messages from '@/lib/generated/messages/machine-page'

const CHART_WIDTH = 120
const CHART_HEIGHT = 28

interface Props {
  /** Samples in order of time, taken while the page is open. */
  usage: ConsoleUsage[]
  size: MachineSizeDto
}

/** CPU, memory, disk, and network of a machine over time. */
export function UsageCharts({ usage, size }: Props) {
  /** The rate per second between consecutive samples of a counter. */
  const rate = (counterOf: (sample: ConsoleUsage) => number) =>
    usage.slice(1).map((sample, n) => {
      const previous = usage[n]!
      const elapsedSeconds = Math.max(0.001, (sample.at - previous.at) / 1000)
      return Math.max(0, (counterOf(sample) - counterOf(previous)) / elapsedSeconds)
    })
  const cpu = rate((sample) => sample.cpuSeconds).map((cores) => cores / size.cpus)
  const memory = usage.map((sample) => sample.memoryBytes)
  const disk = rate((sample) => sample.diskReadBytes + sample.diskWrittenBytes)
  const network = rate((sample) => sample.networkReceivedBytes + sample.networkSentBytes)
  // An emulator needs memory of its own.
  const memoryTop = Math.max(size.memoryMiB * 1024 ** 2, ...memory)
  return (
    <dl className="divide-y rounded-xl border bg-card">
      <Chart
        name={messages.usageCpu()}
        values={cpu}
        max={1}
        text={messages.usagePercent({ percent: Math.round((cpu.at(-1) ?? 0) * 100) })}
      />
      <Chart
        name={messages.hostMemory()}
        values={memory}
        max={memoryTop}
        text={formatMebibytes(Math.round((memory.at(-1) ?? 0) / 1024 ** 2))}
      />
      <Chart
        name={messages.usageDisk()}
        values={disk}
        text={messages.perSecond({ size: formatBytes(disk.at(-1) ?? 0) })}
      />
      <Chart
        name={messages.usageNetwork()}
        values={network}
        text={messages.perSecond({ size: formatBytes(network.at(-1) ?? 0) })}
      />
    </dl>
  )
}

interface ChartProps {
  name: string
  values: number[]
  /** The top of the chart; the highest value unless given. */
  max?: number
  text: string
}

function Chart({ name, values, max, text }: ChartProps) {
  const top = max ?? Math.max(1, ...values)
  const step = CHART_WIDTH / 89
  const from = CHART_WIDTH - (values.length - 1) * step
  const points = values.map((value, n) => {
    const y = CHART_HEIGHT - 1 - Math.min(1, value / top) * (CHART_HEIGHT - 2)
    return `${(from + n * step).toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <div className="flex h-12 items-center gap-3 px-3.5">
      <dt className="w-24 shrink-0">{name}</dt>
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
      <dd className="w-20 shrink-0 text-end text-sm text-muted-foreground tabular-nums">
        {values.length ? text : '–'}
      </dd>
    </div>
  )
}
