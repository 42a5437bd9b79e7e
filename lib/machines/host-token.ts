import { createHmac } from 'node:crypto'
import { authSecret } from '../accounts/auth-secret'
import { databaseTimeMs } from '../cluster/database-clock'
import { isEqualTimingSafe } from '../accounts/timing-safe-equal'

const TOKEN_TTL_MS = 60_000
/** Tolerance for clock differences between computers, beyond those that their heartbeats measure. */
const CLOCK_SKEW_MS = 60_000

const signHostToken = (purpose: string, until: number) =>
  createHmac('sha256', authSecret()).update(`machine host ${until} ${purpose}`).digest('hex')

/**
 * Issues the token with which web processes authenticate to host servers: an HMAC with AUTH_SECRET, valid for one
 * purpose and one minute.
 */
export function issueHostToken(purpose: string, now = databaseTimeMs()) {
  const until = now + TOKEN_TTL_MS
  return `${until}.${signHostToken(purpose, until)}`
}

interface HostToken {
  token: string
  purpose: string
  /** Default: the current time of the database. */
  now?: number
}

export function isValidHostToken({ token, purpose, now = databaseTimeMs() }: HostToken) {
  const [until = '', signature = ''] = token.split('.')
  const isNow = Number(until) > now - CLOCK_SKEW_MS && Number(until) < now + TOKEN_TTL_MS + CLOCK_SKEW_MS
  return isNow && isEqualTimingSafe(signature, signHostToken(purpose, Number(until)))
}
