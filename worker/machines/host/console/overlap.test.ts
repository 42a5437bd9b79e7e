import { expect, it } from 'vitest'
import { findOverlapBytes } from './overlap'

it.each([
  ['login: ', 'login: root', 7],
  ['boot\nlogin: ', 'in: root', 4],
  ['boot', '', 0],
  ['', 'root', 0],
  ['boot', 'root', 0],
  ['boot', 't', 1],
])('finds the overlap of recorded %j and live %j', (recorded, live, length) => {
  expect(findOverlapBytes(Buffer.from(recorded), Buffer.from(live))).toBe(length)
})
