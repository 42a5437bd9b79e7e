import type { Chunk } from '@/lib/videos/chunks'
import { hasSeekIndex, isSeekable } from '@/lib/videos/demuxers'
import type { MediaInfo, VideoTrackInfo } from '@/lib/videos/media-info'

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

/** A picture that starts more than this later than the file, or ends more than this earlier, is held there. */
export const MAX_HOLE_SECONDS = 0.1

/** The time of the first frame of an encoded rendition: 0, or that of the first picture if it starts shortly after. */
export const shownFromSeconds = ({ startSeconds }: VideoTrackInfo, frameRate: number) =>
  startSeconds > MAX_HOLE_SECONDS ? 0 : Math.round(startSeconds * frameRate) / frameRate

/**
 * ffmpeg arguments and filters that decode a chunk with the frame times of the whole, each frame in one chunk. The first
 * picture is held from 0 on, and the last one to the end of the file. `cut` follows a filter that makes
 * the rate constant: `frameRate` per second.
 */
export function planSeek({ startSeconds, endSeconds }: Chunk, info: MediaInfo, frameRate: number) {
  const video = info.video!
  const lead = hasSeekIndex(info) ? SEEK_LEAD_SECONDS.indexed : SEEK_LEAD_SECONDS.other
  const pictureEndSeconds = video.endSeconds ?? info.durationSeconds
  const isHeld = (endSeconds ?? info.durationSeconds) > pictureEndSeconds + MAX_HOLE_SECONDS
  // ffmpeg would round all following times if this were not a whole number of ticks.
  const wanted = isSeekable(info.demuxer) ? Math.max(0, Math.min(startSeconds, pictureEndSeconds) - lead) : 0
  const seekSeconds = Math.floor(wanted / video.timeBaseSeconds) * video.timeBaseSeconds
  const from = Math.max(startSeconds, shownFromSeconds(video, frameRate))
  const to = endSeconds ?? (isHeld ? info.durationSeconds : null)
  const limits = [from > 0 && `start=${formatLimit(from)}`, to !== null && `end=${formatLimit(to)}`].filter(
    Boolean,
  )
  const cut = [
    ...(isHeld ? ['tpad=stop=-1:stop_mode=clone'] : []),
    ...(limits.length > 0 ? [`trim=${limits.join(':')}`] : []),
  ]
  if (seekSeconds === 0) return { seekSeconds, seek: [], shift: [], cut }
  return {
    seekSeconds,
    // The picture at the start may be older than the position: frames from the key frame on reach the filters.
    seek: ['-noaccurate_seek', '-ss', seekSeconds.toFixed(6)],
    shift: [`setpts=PTS+round(${seekSeconds.toFixed(6)}/TB)`],
    cut,
  }
}

const formatLimit = (seconds: number) => (seconds - FRAME_TOLERANCE_SECONDS).toFixed(6)
