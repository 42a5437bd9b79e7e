import { expect, it } from 'vitest'
import { parseTags } from './parse-tags'

it('separates tags by commas, in lower case and each once', () => {
  expect(parseTags(' Sea, #night , sea,, New York,')).toEqual(['sea', 'night', 'new york'])
  expect(parseTags(' # ')).toEqual([])
})
