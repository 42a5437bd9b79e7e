import { expect, it } from 'vitest'
import { findInCues, splitByMarks } from './find-in-cues'

const cues = ['Ask not what your', 'country can do, for you', 'ask what YOU can do'].map((text) => ({ text }))
const texts = (query: string) =>
  findInCues(cues, query).map((parts) =>
    parts.map(({ cueIndex, from, to }) => cues[cueIndex]!.text.slice(from, to)),
  )

it('finds a phrase across cues, ignoring punctuation between words', () => {
  expect(texts('what your country can do for you')).toEqual([['what your', 'country can do, for you']])
})

it('finds every occurrence, case-insensitively, including parts of words', () => {
  expect(texts('you')).toEqual([['you'], ['you'], ['YOU']])
  expect(texts('ask')).toEqual([['Ask'], ['ask']])
})

it('treats punctuation literally and finds nothing for an empty query', () => {
  expect(texts(',')).toEqual([[',']])
  expect(texts('.*')).toEqual([])
  for (const sign of String.raw`-/\^$*+?.()|[]{}&~#"'`) expect(texts(sign), sign).toEqual([])
  expect(texts('   ')).toEqual([])
})

it('splits a text at its marks', () => {
  expect(splitByMarks('one two three', [{ from: 4, to: 7, mark: 'x' }])).toEqual([
    { text: 'one ', mark: null },
    { text: 'two', mark: 'x' },
    { text: ' three', mark: null },
  ])
})
