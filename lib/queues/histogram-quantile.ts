import { HISTOGRAM_BUCKETS } from './histogram-buckets'

/**
 * The value below which the share `q` of what was counted lies, in seconds, taken as even within a step.
 * Null when nothing was counted. What lies beyond the last step is told as that step's edge.
 */
export function histogramQuantile(counts: readonly number[], q: number) {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let below = 0
  for (const [n, count] of counts.entries()) {
    const [from, to] = [HISTOGRAM_BUCKETS[n - 1] ?? 0, HISTOGRAM_BUCKETS[n] ?? HISTOGRAM_BUCKETS.at(-1)!]
    if (count > 0 && below + count >= q * total) return from + ((q * total - below) / count) * (to - from)
    below += count
  }
  return HISTOGRAM_BUCKETS.at(-1)!
}
