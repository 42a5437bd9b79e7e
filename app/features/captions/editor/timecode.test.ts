import { expect, it } from 'vitest'
import { parseTimecode, formatTimecode } from './timecode'

it.each([
  ['1:05.3', 65.3],
  ['65,3', 65.3],
  [' 0:01:05.300 ', 65.3],
  ['1:00:00', 3600],
  ['', null],
  ['1:2:3:4', null],
  ['-1', null],
  ['5s', null],
])('parses %j as %j', (text, seconds) => {
  expect(parseTimecode(text)).toBe(seconds)
})

it.each([
  [0, '0:00.00'],
  [65.304, '1:05.30'],
  [59.999, '1:00.00'],
  [3_725.5, '1:02:05.50'],
])('formats %j as %j', (seconds, text) => {
  expect(formatTimecode(seconds)).toBe(text)
})
