import { expect, it } from 'vitest'
import { isRepetitive } from './repetition'

it('a text is repetitive if it compresses well or repeats the same words in a row', () => {
  expect(isRepetitive('Thank you. '.repeat(30))).toBe(true)
  expect(isRepetitive('and so on and so on and so on and so on')).toBe(true)
  expect(isRepetitive('No, no, no, no, no, that is wrong.')).toBe(false)
  expect(
    isRepetitive('Ask not what your country can do for you, ask what you can do for your country.'),
  ).toBe(false)
  expect(isRepetitive('')).toBe(false)
})
