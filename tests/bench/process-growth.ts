import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessSample {
  name: string
  /** In milliseconds of one clock. */
  at: number
  /** Resident memory. */
  bytes: number
  /** Files, sockets and pipes that are open. */
  handles: number
}

/** What a process on Linux uses now. */
export const sampleProcess = (name: string, pid: number): ProcessSample => ({
  name,
  at: performance.now(),
  bytes: readMemory(pid),
  handles: readdirSync(`/proc/${pid}/fd`).length,
})

/** Resident memory of a process on Linux, in bytes. */
export function readMemory(pid: number) {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kibibytes) * 1024
}

/** Samples of the first share of the time are left out: caches fill. */
const WARM_UP_SHARE = 0.2
const MS_PER_HOUR = 3_600_000

/** The slope of a linear regression of a value of the samples, per hour. */
export function growthPerHour(samples: readonly ProcessSample[], value: 'bytes' | 'handles') {
  const kept = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE))
  const mean = (values: number[]) => values.reduce((sum, next) => sum + next, 0) / (values.length || 1)
  const meanAt = mean(kept.map(({ at }) => at))
  const meanValue = mean(kept.map((sample) => sample[value]))
  const covariance = kept.reduce((sum, sample) => sum + (sample.at - meanAt) * (sample[value] - meanValue), 0)
  const variance = kept.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0)
  return variance === 0 ? 0 : (covariance / variance) * MS_PER_HOUR
}
