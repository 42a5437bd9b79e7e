import type { MediaInfo } from '@/lib/videos/media-info'

/**
 * Seconds before the target at which decoding starts: a seek reaches a key frame in containers with an index, but may
 * miss it in others. A still picture also needs the frame before the target.
 */
const SEEK_LEAD_SECONDS = { indexed: 1, other: 20 }
const INDEXED_CONTAINERS = ['mov', 'matroska']

/** ffmpeg arguments and filters that start at `seconds` with unchanged frame times, so that every run cuts equally. */
export function planSeek(seconds: number, { demuxer, video }: MediaInfo) {
  const { timeBaseSeconds } = video!
  const lead =
    INDEXED_CONTAINERS.includes(demuxer) && !video!.isVariableFrameRate
      ? SEEK_LEAD_SECONDS.indexed
      : SEEK_LEAD_SECONDS.other
  // ffmpeg would round all following times if this were not a whole number of ticks.
  const seekSeconds = Math.floor(Math.max(0, seconds - lead) / timeBaseSeconds) * timeBaseSeconds
  if (seconds === 0) return { seekSeconds, seek: [], shift: [], cut: [] }
  return {
    seekSeconds,
    seek: ['-ss', seekSeconds.toFixed(6)],
    shift: [`setpts=PTS+round(${seekSeconds.toFixed(6)}/TB)`],
    cut: [`trim=start=${(seconds - 0.001).toFixed(6)}`],
  }
}
