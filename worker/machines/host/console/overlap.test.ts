import { expect, it } from 'vitest'
import { findOverlapBytes } from './overlap'

it.each([
  ['login: ', 'login: root', 7],
  ['boot\nlogin: ', 'in: root', 4],
  ['boot', '', 0],
  ['', 'root', 0],
  ['boot', 'root', 0],
  ['boot', 't', 1],
  ['abab', 'abab', 4],
  ['xaab', 'aabaab', 3],
  ['aaaa', 'aa', 2],
])('finds the overlap of recorded %j and live %j', (recorded, live, length) => {
  expect(findOverlapBytes(Buffer.from(recorded), Buffer.from(live))).toBe(length)
})

it('finds the overlap of output that a guest made to compare slowly without blocking', () => {
  const recorded = Buffer.from(`${'a'.repeat(64 * 1024 - 1)}b`)
  const live = Buffer.alloc(64 * 1024, 'a')
  // The shortest of some runs, because other processes delay a single one.
  const times = Array.from({ length: 9 }, () => {
    const startedAt = performance.now()
    expect(findOverlapBytes(recorded, live)).toBe(0)
    return performance.now() - startedAt
  })
  expect(Math.min(...times)).toBeLessThan(50)
})
