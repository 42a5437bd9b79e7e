import { segmentIndexAt } from './ladder'
import type { MediaInfo } from './media-info'

/** A part of the timeline whose encoded renditions one task creates. It consists of whole segments. */
export interface Chunk {
  startSeconds: number
  /** Null for the last chunk, which ends with the media: containers state inexact durations. */
  endSeconds: number | null
}

/** Short enough that other users wait for seconds only, long enough that starting ffmpeg costs little. */
const CHUNK_SECONDS = 28
/** Decoding starts up to 20 s before the chunk (seek-plan.ts), which longer chunks repay. */
const UNINDEXED_CHUNK_SECONDS = 112
const MAX_CHUNKS = 1_000

/** Whether ffmpeg finds a key frame of the container by its index. */
export const hasSeekIndex = ({ demuxer }: Pick<MediaInfo, 'demuxer'>) =>
  demuxer === 'mov' || demuxer === 'matroska'

/** Cuts the timeline on the segment grid into chunks of about 28 s. Equal for every worker, whenever it plans. */
export function planChunks(info: Pick<MediaInfo, 'demuxer' | 'durationSeconds'>): Chunk[] {
  const usualSeconds = hasSeekIndex(info) ? CHUNK_SECONDS : UNINDEXED_CHUNK_SECONDS
  const chunkSeconds = Math.max(usualSeconds, 4 * Math.ceil(info.durationSeconds / MAX_CHUNKS / 4))
  // A short remainder is added to the last chunk.
  const count = Math.max(1, Math.round(info.durationSeconds / chunkSeconds))
  return Array.from({ length: count }, (_, n) => ({
    startSeconds: n * chunkSeconds,
    endSeconds: n < count - 1 ? (n + 1) * chunkSeconds : null,
  }))
}

/** Returns the index of the first segment of a chunk. */
export const firstSegmentIndex = ({ startSeconds }: Chunk) => segmentIndexAt(startSeconds)

/** The length of a chunk in seconds. */
export const chunkSeconds = (
  { startSeconds, endSeconds }: Chunk,
  { durationSeconds }: Pick<MediaInfo, 'durationSeconds'>,
) => Math.max(0.001, (endSeconds ?? durationSeconds) - startSeconds)
