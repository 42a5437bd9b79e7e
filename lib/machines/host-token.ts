import { createHmac, timingSafeEqual } from 'node:crypto'
import { authSecret } from '../accounts/auth-secret'

const TOKEN_TTL_MS = 60_000
/** Tolerance for clock differences between computers. */
const CLOCK_SKEW_MS = 60_000

const signHostToken = (purpose: string, until: number) =>
  createHmac('sha256', authSecret()).update(`machine host ${until} ${purpose}`).digest('hex')

/**
 * Issues the token with which web processes authenticate to host servers: an HMAC with AUTH_SECRET, valid for one purpose
 * and one minute.
 */
export function issueHostToken(purpose: string, now = Date.now()) {
  const until = now + TOKEN_TTL_MS
  return `${until}.${signHostToken(purpose, until)}`
}

export function isValidHostToken(token: string, purpose: string, now = Date.now()) {
  const [until = '', signature = ''] = token.split('.')
  const [actual, expected] = [Buffer.from(signature), Buffer.from(signHostToken(purpose, Number(until)))]
  const isNow = Number(until) > now - CLOCK_SKEW_MS && Number(until) < now + TOKEN_TTL_MS + CLOCK_SKEW_MS
  return isNow && actual.length === expected.length && timingSafeEqual(actual, expected)
}
