import type { Segment } from '../generated/prisma/client'

type SegmentSize = Pick<Segment, 'durationSeconds' | 'sizeBytes'>

/** Bits per second of the largest segment. */
export const peakBitrate = (segments: readonly SegmentSize[]) =>
  // Not Math.max(...): a long recording has more segments than a call may have arguments.
  segments.reduce((peak, segment) => Math.max(peak, averageBitrate([segment])), 0)

/** Bits per second of all segments together. */
export function averageBitrate(segments: readonly SegmentSize[]) {
  const seconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0)
  return (segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) * 8) / Math.max(0.1, seconds)
}
