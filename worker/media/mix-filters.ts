import type { AudioTrackInfo } from '@/lib/videos/media-info'

/** ffmpeg mixes the layouts of up to so many channels to stereo and mono. */
const MAX_NAMED_CHANNELS = 8

/** ffmpeg filters that mix more channels than a layout has names for to stereo: alternately left and right. */
export function mixFilters({ channels }: AudioTrackInfo) {
  if (channels <= MAX_NAMED_CHANNELS) return []
  const side = (first: number) =>
    Array.from({ length: channels }, (_, n) => n)
      .filter((n) => n % 2 === first)
      .map((n) => `c${n}`)
      .join('+')
  // "<" keeps the sum from being clipped.
  return [`pan=stereo|FL<${side(0)}|FR<${side(1)}`]
}
