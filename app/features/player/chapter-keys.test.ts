import { expect, it } from 'vitest'
import { findNextStart, findPreviousStart } from './chapter-keys'

const chapters = [10, 20, 30].map((startSeconds) => ({
  startSeconds,
  endSeconds: startSeconds + 10,
  title: '',
}))

it('finds the next chapter, and none in the last one', () => {
  expect([0, 10, 19.9, 29].map((seconds) => findNextStart(chapters, seconds))).toEqual([10, 20, 20, 30])
  expect(findNextStart(chapters, 35)).toBeNull()
})

it('finds the start of a chapter, and of the one before it shortly after the start', () => {
  expect([36, 31, 30].map((seconds) => findPreviousStart(chapters, seconds))).toEqual([30, 20, 20])
  expect([11, 5].map((seconds) => findPreviousStart(chapters, seconds))).toEqual([0, 0])
})
