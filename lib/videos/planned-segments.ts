import { segmentIndexAt, segmentStartSeconds } from './ladder'

interface StoredSegment {
  index: number
  startSeconds: number
  durationSeconds: number
}

/** A remainder that may contain no frame: containers state inexact durations. */
const MIN_SEGMENT_SECONDS = 0.1

/**
 * Lists the segments of an encoded rendition in progress: the stored ones, and those that are still to be encoded at
 * their places on the grid.
 */
export function withPlannedSegments(stored: readonly StoredSegment[], durationSeconds: number) {
  const byIndex = new Map(stored.map((segment) => [segment.index, segment]))
  const lastIndex = segmentIndexAt(Math.max(0, durationSeconds - MIN_SEGMENT_SECONDS))
  const count = Math.max(lastIndex, stored.at(-1)?.index ?? 0) + 1
  const startOf = (index: number) =>
    byIndex.get(index)?.startSeconds ?? Math.min(segmentStartSeconds(index), durationSeconds)
  return Array.from({ length: count }, (_, index): StoredSegment => {
    const startSeconds = startOf(index)
    return byIndex.get(index) ?? { index, startSeconds, durationSeconds: startOf(index + 1) - startSeconds }
  })
}
