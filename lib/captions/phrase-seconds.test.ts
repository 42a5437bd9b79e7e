import { expect, it } from 'vitest'
import { findPhraseSeconds } from './phrase-seconds'

const word = (text: string, startSeconds: number) => ({
  text,
  startSeconds,
  endSeconds: startSeconds + 0.3,
  confidence: null,
})
const cue = {
  text: 'Ask not what your\ncountry, can you?',
  startSeconds: 10,
  endSeconds: 14,
  words: [
    word('Ask', 10),
    word('not', 11),
    word('what', 12.1234),
    word('your', 12.4),
    word('country,', 12.7),
    word('can', 13.2),
    word('you?', 13.5),
  ],
}
const find = (query: string, changes: Partial<typeof cue> | { words: null } = {}, following = '') =>
  findPhraseSeconds({ ...cue, ...changes }, { query, following })

it('finds when the words of a phrase are spoken, also if it extends to the next cue', () => {
  expect(find('ask')).toBe(10)
  expect(find('WHAT YOUR COUNTRY')).toBe(12.123)
  expect(find('can you show', {}, 'Show me.')).toBe(13.2)
})

it('prefers the starts of words over other parts of them', () => {
  const words = [word('Tasks', 10), word('ask', 11)]
  expect(find('ask', { text: 'Tasks ask', words })).toBe(11)
  expect(find('ountry')).toBe(12.7)
})

it('estimates it by the position in the text without word times', () => {
  expect(find('Ask', { words: null })).toBe(10)
  expect(find('what', { words: null })).toBeCloseTo(10 + (4 * 8) / cue.text.length, 3)
  expect(find('what', { words: [] })).toBeCloseTo(10 + (4 * 8) / cue.text.length, 3)
})

it('stays within a cue that was moved, and returns its start if the text does not contain the phrase', () => {
  expect(find('what', { startSeconds: 20, endSeconds: 24 })).toBe(20)
  expect(find('nothing')).toBe(10)
  expect(find('show me', {}, 'Show me.')).toBe(10)
  expect(find('&')).toBe(10)
})

it('finds words in other forms, which the search finds too, by how they begin', () => {
  expect(find('countries')).toBe(12.7)
  expect(find('what yours')).toBe(12.123)
  expect(find('asking nothing')).toBe(10)
  // The middle of a word is not its beginning.
  expect(find('ountries')).toBe(10)
})
