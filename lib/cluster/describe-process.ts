import { formatBytes } from '../text/format-bytes'
import type { ProcessDto } from './schema'
import * as messages from '../generated/messages/process-facts'

/** A larger offset may break what compares times of two computers, such as tokens that are valid for a minute. */
const MAX_CLOCK_OFFSET_MS = 2_000

function describeClockProblem({ clockOffsetMs }: Pick<ProcessDto, 'clockOffsetMs'>) {
  const seconds = Math.abs(clockOffsetMs ?? 0) / 1000
  if (seconds * 1000 <= MAX_CLOCK_OFFSET_MS) return null
  return clockOffsetMs! > 0
    ? messages.clockAheadProblem({ seconds })
    : messages.clockBehindProblem({ seconds })
}

/** "Clock 600.1 s ahead", "Clock exact" within 50 ms, or null if unknown. */
export function describeClock({ clockOffsetMs }: Pick<ProcessDto, 'clockOffsetMs'>) {
  if (clockOffsetMs === null) return null
  if (Math.abs(clockOffsetMs) < 50) return messages.clockExact()
  const seconds = Math.abs(clockOffsetMs) / 1000
  return clockOffsetMs > 0 ? messages.clockAhead({ seconds }) : messages.clockBehind({ seconds })
}

/** Everything about a process that an administrator has to fix. */
export function listProcessProblems(process: ProcessDto) {
  return [
    process.isOnline ? null : messages.noHeartbeat(),
    process.drainReason,
    process.storageProblem,
    process.sandboxProblem,
    process.encoderProblem,
    describeClockProblem(process),
  ].filter((problem) => problem !== null)
}

/** "Encodes with vaapi", or null for software. */
export const describeEncoder = ({ videoEncoder }: Pick<ProcessDto, 'videoEncoder'>) =>
  videoEncoder && videoEncoder !== 'software' ? messages.encodesWith({ encoder: videoEncoder }) : null

/** The queues as WORKER_QUEUES names them where possible: "video.inspect, video.transcode". */
export function describeQueues({ role, queues }: Pick<ProcessDto, 'role' | 'queues'>) {
  if (role === 'web') return messages.servesPages()
  if (queues === null) return messages.takesAll()
  return queues.length > 0
    ? messages.takes({ queues: queues.map(withoutHost).join(', ') })
    : messages.takesNone()
}

const withoutHost = (queue: string) => queue.split('/')[0]!

/** "Load 0.50 on 2 CPUs · 1.2 GB of 8 GB memory", of the computer of a process; empty if unknown. */
export function describeLoad({ load, cpus, memoryUsedBytes, memoryTotalBytes }: ProcessDto) {
  if (load === null || memoryUsedBytes === null || memoryTotalBytes === null) return ''
  return messages.load({
    load,
    cpus: cpus!,
    used: formatBytes(memoryUsedBytes),
    total: formatBytes(memoryTotalBytes),
  })
}
