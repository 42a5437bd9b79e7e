import { expect, it } from 'vitest'
import { listDamage } from './damage-notice'

const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })

it('lists damaged ranges by their times', () => {
  expect(listDamage([range(62, 65)])).toBe('1:02–1:05')
  expect(listDamage([range(62, 65), range(190.1, 190.4)])).toBe('1:02–1:05 and 3:10')
})

it('counts those that are too many to list', () => {
  const many = Array.from({ length: 10 }, (_, n) => range(10 * n, 10 * n + 1))
  expect(listDamage(many)).toMatch(/^0:00–0:01, .*1:10–1:11, and 2 more places$/)
})
