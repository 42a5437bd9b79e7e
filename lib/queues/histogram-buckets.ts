/** Upper bounds of the histogram buckets of waits and runs, in seconds. A further bucket is unbounded. */
export const HISTOGRAM_BUCKETS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200,
] as const
