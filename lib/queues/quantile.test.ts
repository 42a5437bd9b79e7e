import { expect, it } from 'vitest'
import { quantileOfSteps } from './quantile'
import { STEPS } from './steps'

const counts = (byStep: Record<number, number>) =>
  Array.from({ length: STEPS.length + 1 }, (_, n) => byStep[n] ?? 0)

it('finds where the share of what was counted lies', () => {
  expect(quantileOfSteps(counts({}), 0.5)).toBeNull()
  expect(quantileOfSteps(counts({ 0: 10 }), 0.5)).toBeCloseTo(0.005)
  expect(quantileOfSteps(counts({ 0: 90, 6: 10 }), 0.95)).toBeCloseTo(0.75)
  expect(quantileOfSteps(counts({ [STEPS.length]: 3 }), 0.5)).toBe(STEPS.at(-1))
})
