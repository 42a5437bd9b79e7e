import type { Range } from './predict'

/** What is published about a task: when it will start and end. Times in milliseconds since 1970. */
export interface Forecast {
  computedAt: number
  /** Null once it runs. */
  startsAt: number | null
  endsAt: Range
}

/** What was computed just now. */
export interface Estimate {
  /** Seconds until it starts; 0 if it has. */
  start: number
  /** Seconds until it ends. */
  end: Range
}

/** The time in which an estimate follows new ones, as a share of what is left, in seconds. */
const FOLLOW_SHARE = 0.15
const MIN_FOLLOW_SECONDS = 1
const MAX_FOLLOW_SECONDS = 30

/**
 * Follows the estimates of a task so that its time left does not grow while its work proceeds: later estimates only hold
 * it, unless they leave the published range, and then replace it at once.
 */
export function smoothForecast(previous: Forecast | null, { start, end }: Estimate, now: number): Forecast {
  const at = (seconds: number) => now + seconds * 1_000
  const startsAt = start > 0 ? at(start) : null
  const raw = { low: at(end.low), point: at(end.point), high: at(end.high) }
  const isKept = previous && raw.point >= previous.endsAt.low && raw.point <= previous.endsAt.high
  if (!isKept) return { computedAt: now, startsAt, endsAt: raw }
  const passedMs = Math.max(0, now - previous.computedAt)
  const leftSeconds = Math.max(0, previous.endsAt.point - now) / 1_000
  const followSeconds = Math.min(MAX_FOLLOW_SECONDS, Math.max(MIN_FOLLOW_SECONDS, FOLLOW_SHARE * leftSeconds))
  const follow = 1 - Math.exp(-passedMs / 1_000 / followSeconds)
  const approach = (before: number, after: number) => before + follow * (after - before)
  const point = Math.min(approach(previous.endsAt.point, raw.point), previous.endsAt.point + passedMs)
  return {
    computedAt: now,
    startsAt:
      startsAt === null || previous.startsAt === null
        ? startsAt
        : Math.min(approach(previous.startsAt, startsAt), previous.startsAt + passedMs),
    endsAt: {
      low: Math.min(point, approach(previous.endsAt.low, raw.low)),
      point,
      high: Math.max(point, approach(previous.endsAt.high, raw.high)),
    },
  }
}
