/** The totals of a rendition without segments. */
export const NO_SEGMENTS = { progress: 0, segmentBytes: 0, segmentSeconds: 0, peakBitsPerSecond: 0 }

const MIN_SECONDS = 0.1

/** Bits per second. */
export const toBitrate = ({ sizeBytes, durationSeconds }: { sizeBytes: number; durationSeconds: number }) =>
  (sizeBytes * 8) / Math.max(MIN_SECONDS, durationSeconds)
