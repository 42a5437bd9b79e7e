import { expect, it } from 'vitest'
import { withPlannedSegments } from './planned-segments'

const times = (segments: ReturnType<typeof withPlannedSegments>) =>
  segments.map(({ index, startSeconds, durationSeconds }) => [index, startSeconds, durationSeconds])

it('plans the segments that are missing, up to the end of the media', () => {
  expect(times(withPlannedSegments([], 9.5))).toEqual([
    [0, 0, 1],
    [1, 1, 1],
    [2, 2, 2],
    [3, 4, 4],
    [4, 8, 1.5],
  ])
  expect(withPlannedSegments([], 8.05)).toHaveLength(4)
})

it('keeps the stored segments, so that gaps between them have the right length', () => {
  const stored = [
    { index: 0, startSeconds: 0, durationSeconds: 1.001 },
    { index: 3, startSeconds: 4.004, durationSeconds: 3.9 },
  ]
  const segments = withPlannedSegments(stored, 10)
  expect(segments.filter(({ index }) => index === 0 || index === 3)).toEqual(stored)
  expect(segments[2]).toEqual({ index: 2, startSeconds: 2, durationSeconds: expect.closeTo(2.004, 6) })
})

it('lists stored segments beyond the stated duration', () => {
  const beyond = { index: 3, startSeconds: 4, durationSeconds: 4 }
  expect(withPlannedSegments([beyond], 2)).toHaveLength(4)
})
