import { expect, it } from 'vitest'
import { remainingSeconds } from './remaining'

const durations = [8, 10, 12, 20].map((seconds) => ({ seconds, weight: 1 }))

/** A run that reports its progress, and would take 40 s. */
const reporting = (progress: number) => ({
  durations,
  progress,
  elapsedSeconds: 40 * progress,
  progressAtSeconds: 40 * progress,
})

it('knows nothing without samples until progress is measured', () => {
  const run = { durations: [], elapsedSeconds: 5, progressAtSeconds: 5 }
  expect(remainingSeconds({ ...run, progress: 0 })).toBeNull()
  expect(remainingSeconds({ ...run, progress: null })).toBeNull()
  expect(remainingSeconds({ ...run, progress: 0.5 })!.point).toBe(5)
})

it('moves from the learned speed to that of the run', () => {
  const at = (progress: number) => remainingSeconds(reporting(progress))!.point
  expect(at(0)).toBe(10)
  // Learned are 9 s of 10 s left, measured 36 s of 40 s.
  expect(at(0.1)).toBeCloseTo(0.6 * 9 + 0.4 * 36)
  expect(at(0.9)).toBeGreaterThan(3.5)
})

it('continues to fall between reports of progress, but not to nothing', () => {
  const at = (elapsedSeconds: number) => remainingSeconds({ ...reporting(0.5), elapsedSeconds })!.point
  const atReport = at(20)
  expect(at(22)).toBeCloseTo(atReport - 2)
  expect(at(200)).toBeCloseTo(atReport / 5)
})

it('becomes more certain with the progress of the run', () => {
  const width = (progress: number) => {
    const { low, high } = remainingSeconds(reporting(progress))!
    return high - low
  }
  expect(width(0.9)).toBeLessThan(width(0.5))
})

it('without steady progress, compares with the runs that took longer', () => {
  const at = (elapsedSeconds: number) =>
    remainingSeconds({ durations, elapsedSeconds, progressAtSeconds: 0, progress: null })!
  expect(at(0).point).toBe(10)
  expect(at(9).point).toBe(3)
  expect(at(15)).toEqual({ low: 5, point: 5, high: 5 })
})

it('a run that has outlasted all others is not about to end', () => {
  const { low, point, high } = remainingSeconds({
    durations,
    elapsedSeconds: 40,
    progressAtSeconds: 0,
    progress: null,
  })!
  expect([low, point, high]).toEqual([0, 10, 40])
})
