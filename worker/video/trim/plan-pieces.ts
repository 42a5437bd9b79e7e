import type { TrimRange } from '@/lib/videos/trim/schema'

interface StoredSegment {
  index: number
  startSeconds: number
  durationSeconds: number
}

/** A part of the timeline that is encoded. */
interface Piece {
  startSeconds: number
  endSeconds: number
}

/** What a trimmed rendition consists of, in order. */
export interface TrimPlan<Segment> {
  head: Piece | null
  /** Whole segments. */
  kept: Segment[]
  tail: Piece | null
}

const endOf = ({ startSeconds, durationSeconds }: StoredSegment) => startSeconds + durationSeconds

/**
 * Plans which segments of a rendition with pictures stay, and which parts at both ends are encoded. A difference of
 * `toleranceSeconds`, less than a frame, is none.
 * @param segments in order
 * @param copiedFrom earlier segments do not stay. Default: any may
 */
export function planPieces<Segment extends StoredSegment>(
  segments: readonly Segment[],
  { startSeconds, endSeconds }: TrimRange,
  toleranceSeconds: number,
  copiedFrom = 0,
): TrimPlan<Segment> {
  const [first, last] = [segments[0], segments.at(-1)]
  if (!first || !last) return { head: null, kept: [], tail: null }
  const from = Math.max(startSeconds, first.startSeconds)
  const to = Math.min(endSeconds, endOf(last))
  const kept = segments.filter(
    (segment) =>
      segment.index >= copiedFrom &&
      segment.startSeconds >= from - toleranceSeconds &&
      endOf(segment) <= to + toleranceSeconds,
  )
  const piece = (start: number, end: number) =>
    end - start > toleranceSeconds ? { startSeconds: start, endSeconds: end } : null
  if (kept.length === 0) return { head: piece(from, to), kept, tail: null }
  return { head: piece(from, kept[0]!.startSeconds), kept, tail: piece(endOf(kept.at(-1)!), to) }
}
