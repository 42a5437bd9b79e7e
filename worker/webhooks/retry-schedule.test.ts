import { expect, it } from 'vitest'
import { parseRetryAfter, RETRY_DELAYS_MS, retryDelayMs } from './retry-schedule'

const HOUR = 60 * 60 * 1000

it('increases the delays and ends after three days', () => {
  const delays = RETRY_DELAYS_MS.map((_, n) => retryDelayMs({ attempts: n + 1 })!)
  expect(delays.toSorted((a, b) => a - b)).toEqual(delays)
  expect(delays[0]).toBeLessThan(6_000)
  expect(delays.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(72 * HOUR)
  expect(retryDelayMs({ attempts: RETRY_DELAYS_MS.length + 1 })).toBeNull()
})

it('respects Retry-After up to one day and never waits less than the schedule', () => {
  expect(retryDelayMs({ attempts: 1, retryAfterMs: HOUR })).toBe(HOUR)
  expect(retryDelayMs({ attempts: 1, retryAfterMs: 500 * HOUR })).toBe(24 * HOUR)
  expect(retryDelayMs({ attempts: 5, retryAfterMs: 1 })).toBeGreaterThanOrEqual(5 * HOUR)
})

it.each([
  ['120', 120_000],
  ['Thu, 26 Nov 2026 00:01:00 GMT', 60_000],
  ['Wed, 25 Nov 2026 00:00:00 GMT', undefined],
  ['-5', undefined],
  ['soon', undefined],
  [undefined, undefined],
])('parses Retry-After %s', (header, expected) => {
  expect(parseRetryAfter(header, Date.parse('2026-11-26T00:00:00Z'))).toBe(expected)
})
