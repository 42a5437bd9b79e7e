import { expect, it } from 'vitest'
import { summarizeLines } from './announce-output'

it('reads a few lines whole, and of many the last ones with the number of the others', () => {
  const lines = Array.from({ length: 40 }, (_, n) => `line ${n}`)
  expect(summarizeLines(lines.slice(0, 5))).toBe('line 0\nline 1\nline 2\nline 3\nline 4')
  expect(summarizeLines(lines)).toBe('35 more lines before:\nline 35\nline 36\nline 37\nline 38\nline 39')
})
