import { expect, it } from 'vitest'
import { recheckDelayMs } from './serialize-failing'

it('rechecks a busy endpoint less often the more deliveries wait for it', () => {
  const checksPerSecond = (waiting: number) => waiting / (recheckDelayMs(waiting) / 1000)
  expect(recheckDelayMs(1)).toBeGreaterThanOrEqual(20_000)
  expect(recheckDelayMs(1)).toBeLessThanOrEqual(30_000)
  for (const waiting of [50, 500, 1_500]) expect(checksPerSecond(waiting)).toBeLessThanOrEqual(2.5)
  expect(recheckDelayMs(100_000)).toBeLessThanOrEqual(15 * 60_000)
})
