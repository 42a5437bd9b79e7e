import { type Chunk, hasSeekIndex } from '@/lib/videos/chunks'
import type { MediaInfo } from '@/lib/videos/media-info'

/**
 * Seconds before the target at which decoding starts: a seek reaches a key frame in containers with an index, but may
 * miss it in others.
 */
const SEEK_LEAD_SECONDS = { indexed: 1, other: 20 }

/**
 * A frame belongs to the segment that starts at most this many seconds after it. Chunks and key frames use the same
 * tolerance, so that each frame is in one segment.
 */
export const FRAME_TOLERANCE_SECONDS = 0.001

/** ffmpeg arguments and filters that decode a chunk with the frame times of the whole, each frame in one chunk. */
export function planSeek({ startSeconds, endSeconds }: Chunk, info: MediaInfo) {
  const { timeBaseSeconds } = info.video!
  const lead = hasSeekIndex(info) ? SEEK_LEAD_SECONDS.indexed : SEEK_LEAD_SECONDS.other
  // ffmpeg would round all following times if this were not a whole number of ticks.
  const seekSeconds = Math.floor(Math.max(0, startSeconds - lead) / timeBaseSeconds) * timeBaseSeconds
  const limits = [
    startSeconds > 0 && `start=${formatLimit(startSeconds)}`,
    endSeconds !== null && `end=${formatLimit(endSeconds)}`,
  ].filter(Boolean)
  const cut = limits.length > 0 ? [`trim=${limits.join(':')}`] : []
  if (startSeconds === 0) return { seekSeconds, seek: [], shift: [], cut }
  return {
    seekSeconds,
    // The picture at the start may be older than the position: frames from the key frame on reach the filters.
    seek: ['-noaccurate_seek', '-ss', seekSeconds.toFixed(6)],
    shift: [`setpts=PTS+round(${seekSeconds.toFixed(6)}/TB)`],
    cut,
  }
}

const formatLimit = (seconds: number) => (seconds - FRAME_TOLERANCE_SECONDS).toFixed(6)
