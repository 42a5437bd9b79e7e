/** A measured value. `aim` is the target as text: "≤ 1.10". */
export interface Measurement {
  name: string
  value: number
  unit: 'ms' | 's' | 'ratio' | 'per second' | 'per hour' | 'MB' | 'MB/h' | 'kB' | 'cores' | 'count' | '%'
  aim?: string
}

/** The `q` quantile, 0 to 1, by nearest rank. */
export function quantile(values: readonly number[], q: number) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** Wall time of `work` in milliseconds. */
export async function measureMs(work: () => Promise<unknown>) {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
