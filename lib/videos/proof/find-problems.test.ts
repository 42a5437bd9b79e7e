import { describe, expect, it } from 'vitest'
import { segmentStartSeconds } from '../ladder'
import { findProblems } from './find-problems'

const grid = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    index,
    startSeconds: segmentStartSeconds(index),
    durationSeconds: segmentStartSeconds(index + 1) - segmentStartSeconds(index),
  }))
const find = (segments: ReturnType<typeof grid>, hasGrid = true) =>
  findProblems({ segments, endSeconds: 20, hasGrid, frameRate: 25 })

describe('the segments of a rendition', () => {
  it('are right where they follow each other to the end', () => {
    expect(find(grid(7))).toEqual([])
  })

  it('are wrong where one is missing, moved, or the end is', () => {
    const without = grid(7).filter(({ index }) => index !== 3)
    expect(find(without)).toEqual([
      'Segment 3 is missing.',
      'Segment 3 does not begin where the one before ends.',
    ])
    expect(find(grid(5))).toEqual(['It ends 8.0 s before the others.'])
    expect(find([])).toEqual(['It has no segments.'])
    const moved = grid(7).map((segment) => ({ ...segment, startSeconds: segment.startSeconds + 0.5 }))
    expect(find(moved)[0]).toBe('Segment 0 does not begin where the one before ends.')
  })

  it('may have other places in a copy', () => {
    const copied = Array.from({ length: 4 }, (_, index) => ({
      index,
      startSeconds: index * 5,
      durationSeconds: 5,
    }))
    expect(find(copied, false)).toEqual([])
    expect(find(copied)).toEqual(['Segment 1 does not begin at its place on the grid.'])
  })
})
