import { HISTOGRAM_BUCKETS } from './histogram-buckets'

/**
 * Returns the quantile `q` (0 to 1) of bucket counts, in seconds, interpolated linearly within a bucket. Null without
 * counts; the last bound for a value in the unbounded bucket.
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
