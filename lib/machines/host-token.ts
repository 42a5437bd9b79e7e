import { createHmac, timingSafeEqual } from 'node:crypto'
import { authSecret } from '../accounts/secret'

const LIFE_MS = 60_000
/** Clocks of two computers differ. */
const SKEW_MS = 60_000

const sign = (purpose: string, until: number) =>
  createHmac('sha256', authSecret()).update(`machine host ${until} ${purpose}`).digest('hex')

/**
 * What web processes show to the workers that speak for hosts. It is derived from AUTH_SECRET, which both
 * know; whoever overhears one can do nothing else with it, and not for long.
 */
export function giveHostToken(purpose: string, now = Date.now()) {
  const until = now + LIFE_MS
  return `${until}.${sign(purpose, until)}`
}

export function isHostToken(token: string, purpose: string, now = Date.now()) {
  const [until = '', signature = ''] = token.split('.')
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(purpose, Number(until)))]
  const isNow = Number(until) > now - SKEW_MS && Number(until) < now + LIFE_MS + SKEW_MS
  return isNow && given.length === expected.length && timingSafeEqual(given, expected)
}
