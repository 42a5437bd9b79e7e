const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Delays between attempts, about three days in total, as recommended by the Standard Webhooks specification. */
export const RETRY_DELAYS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** An endpoint whose deliveries fail for this long is disabled. */
export const DISABLE_AFTER_MS = 3 * DAY

/**
 * Delay after `attempts` failed attempts, in milliseconds, with up to 10 % jitter; null after the last one. An endpoint
 * may extend it by `Retry-After`, to at most one day.
 */
export function retryDelayMs({ attempts, retryAfterMs = 0 }: { attempts: number; retryAfterMs?: number }) {
  const delay = RETRY_DELAYS_MS[attempts - 1]
  if (delay === undefined) return null
  return Math.max(delay * (1 + Math.random() * 0.1), Math.min(retryAfterMs, DAY))
}

/** Parses `Retry-After`, seconds or a date, to milliseconds from `now` (RFC 9110, 10.2.3). */
export function parseRetryAfter(header: string | undefined, now = Date.now()) {
  if (!header) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - now
  return Number.isFinite(ms) && ms > 0 ? ms : undefined
}
