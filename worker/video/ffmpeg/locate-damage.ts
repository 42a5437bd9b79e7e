import type { DamagedRange } from '@/lib/videos/media-info'
import type { DemuxerReports } from './demuxer-reports'
import type { TrackTimes } from './track-times'

/** Shorter holes in the sound are usual where recordings are joined. */
const MIN_SOUND_HOLE_SECONDS = 0.5
/** How far from a hole a corrupt packet may be: its decode time is stated. */
const TOLERANCE_SECONDS = 1
/** Where a recorder pauses, the last packet of each track is cut off; where more is lost, more packets are. */
const MAX_LOSS_SECONDS = 1
/** Ranges that are closer together are one. */
const MERGE_SECONDS = 1
const MAX_RANGES = 50

interface Located {
  video?: TrackTimes
  audio: TrackTimes[]
  reports: DemuxerReports
  durationSeconds: number
}

/**
 * Finds where a file is damaged: packets that contain nothing but zeros, and holes in the times of the tracks where the
 * demuxer reports an error. Holes alone are none: a screen recording has no pictures while nothing moves, and a recorder
 * may pause. An error without a time counts for a hole in the sound, or in the pictures of a silent video, but only if
 * there are as many errors as holes.
 */
export function locateDamage({ video, audio, reports, durationSeconds }: Located): DamagedRange[] {
  const tracks = [...(video ? [video] : []), ...audio]
  const holes = tracks.flatMap((track) => track.holes)
  const reported = holes.filter(({ startSeconds, endSeconds }) => {
    const near = reports.seconds.filter(
      (at) => at >= startSeconds - TOLERANCE_SECONDS && at <= endSeconds + TOLERANCE_SECONDS,
    )
    const isLong = endSeconds - startSeconds > MAX_LOSS_SECONDS
    return near.length > (isLong ? tracks.length : 0)
  })
  const silent = audio
    .flatMap((track) => track.holes)
    .filter(({ startSeconds, endSeconds }) => endSeconds - startSeconds >= MIN_SOUND_HOLE_SECONDS)
  const likely = merge(audio.length > 0 ? silent : (video?.holes ?? []))
  const unlocated = likely.length <= reports.unlocated ? withOverlapping(likely, holes) : []
  return merge([...tracks.flatMap((track) => track.zeroed), ...reported, ...unlocated])
    .slice(0, MAX_RANGES)
    .flatMap(({ startSeconds, endSeconds }) => {
      const range = {
        startSeconds: Math.max(0, startSeconds),
        endSeconds: Math.min(durationSeconds, endSeconds),
      }
      return range.endSeconds > range.startSeconds ? [range] : []
    })
}

const withOverlapping = (ranges: DamagedRange[], holes: DamagedRange[]) => [
  ...ranges,
  ...holes.filter((hole) =>
    ranges.some((range) => hole.startSeconds < range.endSeconds && hole.endSeconds > range.startSeconds),
  ),
]

/** In order, without ranges that touch. */
function merge(ranges: DamagedRange[]) {
  const merged: DamagedRange[] = []
  for (const range of ranges.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    const last = merged.at(-1)
    if (last && range.startSeconds <= last.endSeconds + MERGE_SECONDS)
      last.endSeconds = Math.max(last.endSeconds, range.endSeconds)
    else merged.push({ ...range })
  }
  return merged
}
