const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Waits between attempts, in milliseconds, as the Standard Webhooks specification advises: three days in all. */
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

/** An endpoint that nothing got through to for so long is turned off. */
export const DISABLE_AFTER_MS = 3 * DAY

/**
 * How long to wait after `attempts` failed ones, in milliseconds; null when that was the last. An endpoint that
 * asks for more time gets it, a day at most. A tenth is left to chance, so that they do not all come back at once.
 */
export function retryDelayMs({ attempts, retryAfterMs = 0 }: { attempts: number; retryAfterMs?: number }) {
  const delay = RETRY_DELAYS_MS[attempts - 1]
  if (delay === undefined) return null
  return Math.max(delay * (1 + Math.random() * 0.1), Math.min(retryAfterMs, DAY))
}

/** The header in milliseconds from now: it names seconds, or a date (RFC 9110, 10.2.3). */
export function parseRetryAfter(header: string | undefined, now = Date.now()) {
  if (!header) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - now
  return Number.isFinite(ms) && ms > 0 ? ms : undefined
}
