import { expect, it } from 'vitest'
import { type Estimate, type Forecast, smoothForecast } from './smooth'

const estimate = (seconds: number, spread = 0.3): Estimate => ({
  start: 0,
  end: { low: seconds * (1 - spread), point: seconds, high: seconds * (1 + spread) },
})

/** Publishes one estimate per second; returns the seconds left after each. */
function publish(estimates: Estimate[]) {
  let forecast: Forecast | null = null
  return estimates.map((one, second) => {
    const now = second * 1_000
    forecast = smoothForecast(forecast, one, now)
    return (forecast.endsAt.point - now) / 1_000
  })
}

it('publishes the first estimate as it is', () => {
  expect(publish([estimate(60)])).toEqual([60])
})

it('does not grow while estimates vary within their range', () => {
  const noise = [0, 9, -8, 14, 3, -12, 11, 16, 15, -5, 12, 17, 9]
  const left = publish(noise.map((error, second) => estimate(100 - second + error)))
  for (const [n, seconds] of left.entries()) expect(seconds).toBeLessThanOrEqual(left[n - 1] ?? 100)
  expect(left.at(-1)).toBeGreaterThan(80)
})

it('grows or falls at once when an estimate leaves the published range', () => {
  const left = publish([estimate(60), estimate(59), estimate(120), estimate(119), estimate(30)])
  expect(left.slice(2)).toEqual([120, 119, 30])
})

it('follows a lower estimate within a part of the time left', () => {
  const left = publish(Array.from({ length: 25 }, (_, second) => estimate(second === 0 ? 60 : 50 - second)))
  expect(left[1]).toBeGreaterThan(55)
  expect(left.at(-1)).toBeCloseTo(26, 0)
})

it('keeps the point within the range', () => {
  let forecast = smoothForecast(null, estimate(60), 0)
  for (let second = 1; second < 50; second++) {
    forecast = smoothForecast(forecast, estimate(60 - second, 0.02), second * 1_000)
    const { low, point, high } = forecast.endsAt
    expect([low, point, high]).toEqual([low, point, high].toSorted((a, b) => a - b))
  }
})

it('a start follows its estimates as the end does, until it has happened', () => {
  const waiting = (start: number) => ({ ...estimate(100), start })
  const first = smoothForecast(null, waiting(20), 0)
  expect(first.startsAt).toBe(20_000)
  expect(smoothForecast(first, waiting(40), 1_000).startsAt).toBe(21_000)
  expect(smoothForecast(first, waiting(0), 1_000).startsAt).toBeNull()
})
