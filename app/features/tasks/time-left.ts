import { formatDuration, formatDurationRange, formatTimeLeft } from '@/app/ui/format'
import * as messages from '@/lib/generated/messages/time-left'
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
  if (totalBytes === null) return messages.received({ size: formatBytes(receivedBytes) })
  return totalBytes === undefined
    ? percent
    : messages.percentOfSize({ percent, size: formatBytes(totalBytes) })
}

/**
 * The time that a task still takes, no more precise than it is known: "3–5 min left", "about 20 s left", "a few seconds
 * left". Null while it is unknown.
 */
export function describeTimeLeft({ etaSeconds, etaRangeSeconds: range }: Estimate) {
  if (etaSeconds === null) return null
  if (!range) return formatTimeLeft(etaSeconds)
  if (range.high < SOON_SECONDS) return messages.aFewSeconds()
  const step = stepOf(range.high)
  const [low, high] = [range.low, range.high].map((seconds) => step * Math.round(seconds / step)) as [
    number,
    number,
  ]
  if (low === high) return messages.about({ duration: formatDuration(high) })
  if (low === 0) return messages.lessThan({ duration: formatDuration(high) })
  return messages.range({ range: formatDurationRange(low, high) })
}

/** "starts in about 2 min"; null if it is unknown or the task does not wait. */
export function describeStart({ startsInSeconds }: Pick<TaskDto, 'startsInSeconds'>) {
  if (startsInSeconds === null) return null
  if (startsInSeconds < SOON_SECONDS) return messages.startsInAFewSeconds()
  const step = stepOf(startsInSeconds)
  const rounded = Math.max(step, step * Math.round(startsInSeconds / step))
  return messages.startsInAbout({ duration: formatDuration(rounded) })
}

/** The precision in which a duration is shown, in seconds. */
function stepOf(seconds: number) {
  if (seconds < MINUTE) return 10
  if (seconds < 10 * MINUTE) return MINUTE
  if (seconds < HOUR) return 5 * MINUTE
  return seconds < 6 * HOUR ? HOUR / 2 : HOUR
}
