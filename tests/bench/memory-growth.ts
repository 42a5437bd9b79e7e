import { readFileSync } from 'node:fs'

export interface MemorySample {
  name: string
  /** In milliseconds of one clock. */
  at: number
  bytes: number
}

/** Resident memory of a process on Linux, in bytes. */
export function readMemory(pid: number) {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kibibytes) * 1024
}

/** Samples of the first share of the time are left out: caches fill. */
const WARM_UP_SHARE = 0.2
const MS_PER_HOUR = 3_600_000
const BYTES_PER_MB = 1_000_000

/** The slope of a linear regression, in MB per hour. */
export function memoryGrowthPerHour(samples: readonly MemorySample[]) {
  const kept = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE))
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1)
  const meanAt = mean(kept.map(({ at }) => at))
  const meanBytes = mean(kept.map(({ bytes }) => bytes))
  const covariance = kept.reduce((sum, { at, bytes }) => sum + (at - meanAt) * (bytes - meanBytes), 0)
  const variance = kept.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  return variance === 0 ? 0 : ((covariance / variance) * MS_PER_HOUR) / BYTES_PER_MB
}
