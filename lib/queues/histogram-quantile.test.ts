import { expect, it } from 'vitest'
import { histogramQuantile } from './histogram-quantile'
import { HISTOGRAM_BUCKETS } from './histogram-buckets'

const bucketCounts = (byBucket: Record<number, number>) =>
  Array.from({ length: HISTOGRAM_BUCKETS.length + 1 }, (_, n) => byBucket[n] ?? 0)

it('interpolates a quantile within its bucket', () => {
  expect(histogramQuantile(bucketCounts({}), 0.5)).toBeNull()
  expect(histogramQuantile(bucketCounts({ 0: 10 }), 0.5)).toBeCloseTo(0.005)
  expect(histogramQuantile(bucketCounts({ 0: 90, 6: 10 }), 0.95)).toBeCloseTo(0.75)
  expect(histogramQuantile(bucketCounts({ [HISTOGRAM_BUCKETS.length]: 3 }), 0.5)).toBe(
    HISTOGRAM_BUCKETS.at(-1),
  )
})
