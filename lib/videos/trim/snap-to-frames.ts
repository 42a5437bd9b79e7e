import type { MediaInfo } from '../media-info'
import type { TrimRange } from './schema'

/** Rounds a range to frames, and to the ends of a file that it reaches within half a frame. Without a picture, to those alone. */
export function snapToFrames(
  { startSeconds, endSeconds }: TrimRange,
  { video, durationSeconds }: Pick<MediaInfo, 'video' | 'durationSeconds'>,
): TrimRange {
  const frameSeconds = video ? 1 / video.frameRate : 0
  const snap = (seconds: number) =>
    video ? Math.round(seconds * video.frameRate) / video.frameRate : seconds
  const isWhole = endSeconds >= durationSeconds - frameSeconds / 2
  return {
    startSeconds: snap(startSeconds),
    endSeconds: isWhole ? durationSeconds : Math.min(snap(endSeconds), durationSeconds),
  }
}
