import type { Metric } from 'prom-client'
import { HISTOGRAM_BUCKETS } from './histogram-buckets'
import type { QueueSums } from './queue-sums'

/** Creates a histogram from stored counts; the Histogram of prom-client can only observe single values. */
export function createHistogram(options: {
  name: string
  help: string
  sums: readonly QueueSums[]
  select: (sum: QueueSums) => { counts: number[]; seconds: number }
}): Metric {
  const { name, help } = options
  const values = options.sums.flatMap((sum) => {
    const { counts, seconds } = options.select(sum)
    const { queue } = sum
    const total = counts.reduce((all, count) => all + count, 0)
    const upTo = (n: number) => counts.slice(0, n + 1).reduce((all, count) => all + count, 0)
    return [
      ...HISTOGRAM_BUCKETS.map((edge, n) => ({
        metricName: `${name}_bucket`,
        labels: { queue, le: String(edge) },
        value: upTo(n),
      })),
      { metricName: `${name}_bucket`, labels: { queue, le: '+Inf' }, value: total },
      { metricName: `${name}_sum`, labels: { queue }, value: seconds },
      { metricName: `${name}_count`, labels: { queue }, value: total },
    ]
  })
  const metric = { name, help, type: 'histogram', aggregator: 'sum', values }
  return { name, get: async () => metric } as unknown as Metric
}
