import { expect, it } from 'vitest'
import { findLowConfidenceWords } from './low-confidence'

const word = (text: string, confidence: number | null) => ({
  text,
  confidence,
  startSeconds: 1,
  endSeconds: 2,
})

it('locates low-confidence words, including repeated ones', () => {
  const words = [word('can', 0.9), word(' we', 0.2), word('can', 0.3), word('now', null)]
  expect(findLowConfidenceWords({ text: 'can we can, now', words })).toMatchObject([
    { from: 4, to: 6, startSeconds: 1 },
    { from: 7, to: 10, startSeconds: 1 },
  ])
  expect(findLowConfidenceWords({ text: 'can we', words: null })).toEqual([])
})
