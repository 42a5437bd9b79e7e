import { formatBytes } from '../text/format-bytes'
import type { ProcessDto } from './schema'

/** A larger offset may break what compares times of two computers, such as tokens that are valid for a minute. */
const MAX_CLOCK_OFFSET_MS = 2_000

const hasClockProblem = ({ clockOffsetMs }: Pick<ProcessDto, 'clockOffsetMs'>) =>
  Math.abs(clockOffsetMs ?? 0) > MAX_CLOCK_OFFSET_MS

/** "Clock 600.1 s ahead", "Clock exact" within 50 ms, or null if unknown. */
export function describeClock({ clockOffsetMs }: Pick<ProcessDto, 'clockOffsetMs'>) {
  if (clockOffsetMs === null) return null
  if (Math.abs(clockOffsetMs) < 50) return 'Clock exact'
  const seconds = (Math.abs(clockOffsetMs) / 1000).toFixed(1)
  return `Clock ${seconds} s ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`
}

/** Everything about a process that an administrator has to fix. */
export function listProcessProblems(process: ProcessDto) {
  return [
    process.isOnline ? null : 'No heartbeat for 20 s or more.',
    process.drainReason,
    process.storageProblem,
    process.sandboxProblem,
    process.encoderProblem,
    hasClockProblem(process)
      ? `${describeClock(process)}, compared with the database. Synchronize the clocks, for example with chrony.`
      : null,
  ].filter((problem) => problem !== null)
}

/** "Encodes with vaapi", or null for software. */
export const describeEncoder = ({ videoEncoder }: Pick<ProcessDto, 'videoEncoder'>) =>
  videoEncoder && videoEncoder !== 'software' ? `Encodes with ${videoEncoder}` : null

/** The queues as WORKER_QUEUES names them where possible: "video.inspect, video.transcode". */
export function describeQueues({ role, queues }: Pick<ProcessDto, 'role' | 'queues'>) {
  if (role === 'web') return 'Serves pages and API'
  if (queues === null) return 'Takes all queues'
  return queues.length > 0 ? `Takes ${queues.map(withoutHost).join(', ')}` : 'Takes no tasks'
}

const withoutHost = (queue: string) => queue.split('/')[0]!

/** "Load 0.50 on 2 CPUs · 1.2 GB of 8 GB memory", of the computer of a process; empty if unknown. */
export function describeLoad({ load, cpus, memoryUsedBytes, memoryTotalBytes }: ProcessDto) {
  if (load === null || memoryUsedBytes === null || memoryTotalBytes === null) return ''
  const memory = `${formatBytes(memoryUsedBytes)} of ${formatBytes(memoryTotalBytes)} memory`
  return `Load ${load.toFixed(2)} on ${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'} · ${memory}`
}
