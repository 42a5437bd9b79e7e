import { describe, expect, it } from 'vitest'
import { type Chunk, planChunks, segmentIndexesOf, splitOffStart } from './chunks'

const lengths = (chunks: Chunk[], durationSeconds: number) =>
  chunks.map(({ startSeconds, endSeconds }) => (endSeconds ?? durationSeconds) - startSeconds)

const chunk = (startSeconds: number, endSeconds: number | null): Chunk => ({ startSeconds, endSeconds })

describe('chunks', () => {
  it.each([
    ['mov', 20, [20]],
    ['mov', 41.9, [41.9]],
    ['mov', 42, [28, 14]],
    ['mov', 167, [28, 28, 28, 28, 28, 27]],
    ['mov', 168, [28, 28, 28, 20, 16, 12, 12, 12, 12]],
    ['mpegts', 300, [112, 112, 76]],
    ['h264', 300, [300]],
  ])('cut a file of %s and %d s into %j', (demuxer, durationSeconds, expected) => {
    const chunks = planChunks({ demuxer, durationSeconds })
    expect(lengths(chunks, durationSeconds)).toEqual(expected)
    for (const [n, { startSeconds }] of chunks.entries())
      expect(startSeconds).toBe(chunks[n - 1]?.endSeconds ?? 0)
  })

  it.each<[Chunk, Chunk[]]>([
    [chunk(0, 28), [chunk(0, 1), chunk(1, 28)]],
    [chunk(0, null), [chunk(0, 1), chunk(1, null)]],
    [chunk(28, 56), [chunk(28, 56)]],
  ])('split the first segment off the first of them: %j', (whole, pieces) => {
    expect(splitOffStart(whole, { durationSeconds: 60 })).toEqual(pieces)
  })

  it('are not split if the video has hardly more than one segment', () => {
    expect(splitOffStart(chunk(0, null), { durationSeconds: 1.9 })).toEqual([chunk(0, null)])
  })

  it('consist of whole segments', () => {
    expect(segmentIndexesOf(chunk(0, 8))).toEqual([0, 1, 2, 3])
    expect(segmentIndexesOf(chunk(8, 16))).toEqual([4, 5])
    expect(segmentIndexesOf(chunk(8, null))).toBeNull()
  })

  it('are at most a thousand in the longest file', () => {
    const durationSeconds = 100 * 60 * 60
    const chunks = planChunks({ demuxer: 'mov', durationSeconds })
    expect(chunks.length).toBeLessThanOrEqual(1_000)
    expect(Math.min(...lengths(chunks, durationSeconds))).toBeGreaterThanOrEqual(6)
  })
})
