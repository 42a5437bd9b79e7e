import { formatDuration, formatTimeLeft } from '@/app/ui/format'
import type { TaskDto } from '@/lib/tasks/schema'
import { formatBytes } from '@/lib/text/format-bytes'

type Estimate = Pick<TaskDto, 'etaSeconds' | 'etaRangeSeconds'>

const MINUTE = 60
const HOUR = 60 * MINUTE
/** Below, a number would be out of date before it is read. */
const SOON_SECONDS = 10

/** Whether the share done of a task is known. It is not for a download whose size the server does not state. */
export const hasKnownProgress = ({ detail }: Pick<TaskDto, 'detail'>) => detail?.totalBytes !== null

/** The share done: "34 %", of a download "34 % of 1.2 GB" or, if its size is unknown, "120.0 MB received". */
export function describeProgress({ progress, detail }: Pick<TaskDto, 'progress' | 'detail'>) {
  const percent = `${Math.round(progress * 100)} %`
  const { totalBytes, receivedBytes = 0 } = detail ?? {}
  if (totalBytes === null) return `${formatBytes(receivedBytes)} received`
  return totalBytes === undefined ? percent : `${percent} of ${formatBytes(totalBytes)}`
}

/**
 * The time that a task still takes, no more precise than it is known: "3–5 min left", "about 20 s left", "a few seconds
 * left". Null while it is unknown.
 */
export function describeTimeLeft({ etaSeconds, etaRangeSeconds: range }: Estimate) {
  if (etaSeconds === null) return null
  if (!range) return formatTimeLeft(etaSeconds)
  if (range.high < SOON_SECONDS) return 'a few seconds left'
  const step = stepOf(range.high)
  const [low, high] = [range.low, range.high].map((seconds) => step * Math.round(seconds / step)) as [
    number,
    number,
  ]
  if (low === high) return `about ${formatDuration(high)} left`
  if (low === 0) return `less than ${formatDuration(high)} left`
  const unit = high < MINUTE ? ' s' : high < HOUR ? ' min' : ' h'
  const [from, to] = [low, high].map((seconds) => formatDuration(seconds)) as [string, string]
  // "1 h 30 min – 2 h", but "3–5 min".
  const isShort = [from, to].every((text) => text.endsWith(unit) && text.split(' ').length === 2)
  return isShort ? `${from.slice(0, -unit.length)}–${to} left` : `${from} – ${to} left`
}

/** "starts in about 2 min"; null if it is unknown or the task does not wait. */
export function describeStart({ startsInSeconds }: Pick<TaskDto, 'startsInSeconds'>) {
  if (startsInSeconds === null) return null
  if (startsInSeconds < SOON_SECONDS) return 'starts in a few seconds'
  const step = stepOf(startsInSeconds)
  return `starts in about ${formatDuration(Math.max(step, step * Math.round(startsInSeconds / step)))}`
}

/** The precision in which a duration is shown, in seconds. */
function stepOf(seconds: number) {
  if (seconds < MINUTE) return 10
  if (seconds < 10 * MINUTE) return MINUTE
  if (seconds < HOUR) return 5 * MINUTE
  return seconds < 6 * HOUR ? HOUR / 2 : HOUR
}
