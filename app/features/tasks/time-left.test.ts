import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeStart, describeTimeLeft } from './time-left'

const minutes = (low: number, high: number) => ({
  etaSeconds: (low + high) * 30,
  etaRangeSeconds: { low: low * 60, high: high * 60 },
})

it.each([
  [minutes(0.02, 0.1), 'a few seconds left'],
  [minutes(0.3, 0.35), 'about 20 s left'],
  [minutes(0.3, 0.7), '20–40 s left'],
  [minutes(0.1, 0.7), '10–40 s left'],
  [minutes(0.01, 0.7), 'less than 40 s left'],
  [minutes(0.2, 2.1), 'less than 2 min left'],
  [minutes(2.9, 5.2), '3–5 min left'],
  [minutes(12, 23), '10–25 min left'],
  [minutes(40, 70), '30 min – 1 h left'],
  [minutes(100, 125), '1 h 30 min – 2 h left'],
  [minutes(65, 170), '1–3 h left'],
  [minutes(9 * 60, 11.2 * 60), '9–11 h left'],
])('describes a range of time left: %o', (estimate, text) => {
  expect(describeTimeLeft(estimate)).toBe(text)
})

it('describes nothing while the time left is unknown', () => {
  expect(describeTimeLeft({ etaSeconds: null, etaRangeSeconds: null })).toBeNull()
  expect(describeStart({ startsInSeconds: null })).toBeNull()
})

it('describes a time without a range, as machines report it', () => {
  expect(describeTimeLeft({ etaSeconds: 4, etaRangeSeconds: null })).toBe('4 s left')
})

it.each([
  [0, 'starts in a few seconds'],
  [14, 'starts in about 10 s'],
  [59, 'starts in about 1 min'],
  [130, 'starts in about 2 min'],
  [1_000, 'starts in about 15 min'],
  [6_000, 'starts in about 1 h 30 min'],
])('describes a start in %d s', (startsInSeconds, text) => {
  expect(describeStart({ startsInSeconds })).toBe(text)
})

it('never describes a time of more than a minute in seconds', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 60, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (high, part) => {
        const estimate = { etaSeconds: high, etaRangeSeconds: { low: high * part, high } }
        expect(describeTimeLeft(estimate)).not.toMatch(/\d s/)
        expect(describeStart({ startsInSeconds: high })).not.toMatch(/\d s/)
      },
    ),
  )
})
