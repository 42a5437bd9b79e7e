import { expect, it } from 'vitest'
import { planPieces } from './plan-pieces'

/** Segments of an encoded rendition: 0, 1, 2, 4, 8, 12 and 16 to 18 s. */
const segments = [0, 1, 2, 4, 8, 12, 16].map((startSeconds, index, starts) => ({
  index,
  startSeconds,
  durationSeconds: (starts[index + 1] ?? 18) - startSeconds,
}))
const plan = (startSeconds: number, endSeconds: number) => {
  const { head, kept, tail } = planPieces(segments, { startSeconds, endSeconds }, 0.02)
  const times = (piece: typeof head) => piece && [piece.startSeconds, piece.endSeconds]
  return [times(head), kept.map(({ index }) => index), times(tail)]
}

it('keeps whole segments, and encodes the rest at both ends', () => {
  expect(plan(5, 13)).toEqual([[5, 8], [4], [12, 13]])
  expect(plan(0.5, 17.5)).toEqual([
    [0.5, 1],
    [1, 2, 3, 4, 5],
    [16, 17.5],
  ])
})

it('encodes nothing where the range ends with a segment, within a tolerance', () => {
  expect(plan(4, 12)).toEqual([null, [3, 4], null])
  expect(plan(4.01, 11.99)).toEqual([null, [3, 4], null])
  expect(plan(0, 18)).toEqual([null, [0, 1, 2, 3, 4, 5, 6], null])
})

it('encodes a range without a whole segment as one piece', () => {
  expect(plan(9, 11)).toEqual([[9, 11], [], null])
  expect(plan(9, 13)).toEqual([[9, 13], [], null])
})

it('ends with the rendition, which may be shorter than another one', () => {
  expect(plan(12, 20)).toEqual([null, [5, 6], null])
  expect(plan(17, 20)).toEqual([[17, 18], [], null])
  expect(planPieces([], { startSeconds: 1, endSeconds: 2 }, 0.02)).toEqual({
    head: null,
    kept: [],
    tail: null,
  })
})

it('encodes the segments before the first one that can be copied', () => {
  const from = (index: number) => {
    const { head, kept, tail } = planPieces(segments, { startSeconds: 2.5, endSeconds: 17 }, 0.02, index)
    return [head?.startSeconds, head?.endSeconds, kept.map((segment) => segment.index), tail?.startSeconds]
  }
  expect(from(5)).toEqual([2.5, 12, [5], 16])
  expect(from(Infinity)).toEqual([2.5, 17, [], undefined])
})
