import { expect, it } from 'vitest'
import { createProgressClock } from './progress-clock'

it('returns when progress was reported, and starts again with another run', () => {
  const timeProgress = createProgressClock()
  const at = (progress: number, elapsedSeconds: number) =>
    timeProgress([{ id: 'a', progress, elapsedSeconds }]).get('a')
  expect([at(0.1, 3), at(0.1, 5), at(0.4, 6), at(0.4, 9)]).toEqual([3, 3, 6, 6])
  expect(at(0.4, 1)).toBe(1)
})
