import { hasSeekIndex, isSeekable } from './demuxers'
import { segmentIndexAt, segmentStartSeconds } from './ladder'
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
/** Workers that share a video wait at its end for the last chunk, which should be short then. */
const SHORTEST_CHUNK_SECONDS = 12
const MAX_SHORT_CHUNKS = 20
/** Where a video has fewer chunks, starting ffmpeg more often would cost more than it saves. */
const MIN_SHARED_CHUNKS = 6
const MIN_REST_SECONDS = 1

/**
 * Cuts the timeline on the segment grid into chunks of about 28 s. In a longer video the last ones are shorter: a quarter
 * of what is left, at least 12 s. Equal for every worker, whenever it plans.
 */
export function planChunks(info: Pick<MediaInfo, 'demuxer' | 'durationSeconds'>): Chunk[] {
  const { durationSeconds } = info
  if (!isSeekable(info.demuxer)) return [{ startSeconds: 0, endSeconds: null }]
  const usualSeconds = hasSeekIndex(info) ? CHUNK_SECONDS : UNINDEXED_CHUNK_SECONDS
  const longest = Math.max(usualSeconds, 4 * Math.ceil(durationSeconds / (MAX_CHUNKS - MAX_SHORT_CHUNKS) / 4))
  const getsShorter = hasSeekIndex(info) && durationSeconds >= MIN_SHARED_CHUNKS * longest
  const shortest = getsShorter ? SHORTEST_CHUNK_SECONDS : longest
  const chunks: Chunk[] = []
  let startSeconds = 0
  for (;;) {
    const leftSeconds = durationSeconds - startSeconds
    const seconds = Math.min(longest, Math.max(shortest, 4 * Math.floor(leftSeconds / 4 / 4)))
    // A short remainder is added to the last chunk.
    if (leftSeconds < 1.5 * seconds) break
    chunks.push({ startSeconds, endSeconds: startSeconds + seconds })
    startSeconds += seconds
  }
  return [...chunks, { startSeconds, endSeconds: null }]
}

/**
 * Splits the first segment off the first chunk. An encoder looks ahead, so the first picture would otherwise wait for those of
 * two seconds in all sizes.
 */
export function splitOffStart(
  chunk: Chunk,
  { durationSeconds }: Pick<MediaInfo, 'durationSeconds'>,
): Chunk[] {
  const { startSeconds, endSeconds } = chunk
  const firstEndSeconds = segmentStartSeconds(1)
  // A remainder could contain no picture.
  const isLonger = (endSeconds ?? durationSeconds) >= firstEndSeconds + MIN_REST_SECONDS
  if (startSeconds > 0 || !isLonger) return [chunk]
  return [
    { startSeconds, endSeconds: firstEndSeconds },
    { startSeconds: firstEndSeconds, endSeconds },
  ]
}

/** Returns the indexes of all segments of a chunk, or null for the last one. */
export const segmentIndexesOf = (chunk: Chunk) =>
  chunk.endSeconds === null ? null : range(firstSegmentIndex(chunk), segmentIndexAt(chunk.endSeconds))

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

/** Returns the index of the first segment of a chunk. */
export const firstSegmentIndex = ({ startSeconds }: Chunk) => segmentIndexAt(startSeconds)

/** The length of a chunk in seconds. */
export const chunkSeconds = (
  { startSeconds, endSeconds }: Chunk,
  { durationSeconds }: Pick<MediaInfo, 'durationSeconds'>,
) => Math.max(0.001, (endSeconds ?? durationSeconds) - startSeconds)
