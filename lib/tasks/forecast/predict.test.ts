import { expect, it } from 'vitest'
import { predictDurations, type RunSample, summarize } from './predict'

const sample = (seconds: number, fields: Partial<RunSample> = {}): RunSample => ({
  kind: 'encode',
  subjectId: null,
  size: 10,
  seconds,
  ...fields,
})
const predict = (samples: RunSample[], size = 10, subjectId: string | null = null) =>
  summarize(predictDurations(samples, { kind: 'encode', subjectId, size }))

it('knows nothing without samples', () => {
  expect(predict([])).toBeNull()
})

it('predicts the median, which an outlier does not move, with the range of most samples', () => {
  const samples = [9, 10, 10, 11, 10, 9, 11, 400, 10].map((seconds) => sample(seconds))
  expect(predict(samples)).toMatchObject({ low: 9, point: 10 })
})

it('scales by size, and prefers samples of a similar size', () => {
  expect(predict([sample(20, { size: 20 })], 5)!.point).toBe(5)
  const small = Array.from({ length: 5 }, () => sample(4, { size: 2 }))
  const large = Array.from({ length: 5 }, () => sample(100, { size: 100 }))
  expect(predict([...large, ...small], 2)!.point).toBe(4)
  expect(predict([...small, ...large], 100)!.point).toBe(100)
})

it('follows the speed of the last runs, when the computer has become slower', () => {
  const before = Array.from({ length: 40 }, () => sample(10))
  const since = Array.from({ length: 12 }, () => sample(30))
  expect(predict([...since, ...before])!.point).toBe(30)
})

it('prefers runs about the same subject', () => {
  const others = Array.from({ length: 2 }, () => sample(10))
  const samples = [...others, sample(25, { subjectId: 'video' })]
  expect(predict(samples, 10, 'video')!.point).toBe(25)
  expect(predict(samples, 10, 'another')!.point).toBe(10)
})
