import type { Config } from '../config/config'
import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from './media-info'
import { SURROUND_CHANNELS, surroundName } from './surround'

/** A codec in which the ladder is encoded again, beside H.264. */
export type ExtraCodec = Config['EXTRA_CODECS'][number]

/** One video rendition. Sizes in pixels, rates in bits per second. */
export interface Rung {
  name: string
  mode: 'copy' | 'encode'
  /** Null for a stream copy. */
  codec: 'h264' | ExtraCodec | null
  width: number
  height: number
  frameRate: number
  /** Highest bitrate of the encoder; 0 for a stream copy. */
  maxRateBps: number
}

/** A rendition of an audio track, whose `channels` are those of the source. */
export interface AudioPlan extends AudioTrackInfo {
  name: string
  /** At most so many. */
  renditionChannels: number
}

export interface Ladder {
  /** A stream copy of the uploaded video, if browsers can play it. */
  source: Rung | null
  /** From highest to lowest; each is scaled from the one before. */
  encodes: Rung[]
  /** In stereo, from the default one on, followed by those in 5.1. */
  audio: AudioPlan[]
}

// Bitrate limits at 16:9 and 30 frames per second, from PeerTube.
const STANDARD_RUNGS = [
  { height: 1080, maxRateBps: 6_221_000 },
  { height: 720, maxRateBps: 3_041_000 },
  { height: 480, maxRateBps: 1_475_000 },
  { height: 360, maxRateBps: 1_037_000 },
]
const MAX_FRAME_RATE = 60
/** At a lower rate, a segment could be without a frame, and its index would depend on the ones before. */
const MIN_FRAME_RATE = 1
const MAX_AUDIO_TRACKS = 32
const MAX_SURROUND_TRACKS = 8
/** The bitrate limit in newer codecs, of that in H.264. */
const EXTRA_RATE = 0.6

/**
 * Plans the renditions of a file: never larger than the source, and named by the shorter side, so that a portrait
 * clip of 1080×1920 is "1080p". A source that is not web-safe is encoded at its own size, at most 1080.
 */
export function planLadder(info: MediaInfo): Ladder {
  const audio = planAudio(info)
  const { video } = info
  if (!video) return { source: null, encodes: [], audio }
  const source: Rung | null = video.isWebSafe
    ? {
        name: 'source',
        mode: 'copy',
        codec: null,
        width: video.width,
        height: video.height,
        frameRate: video.frameRate,
        maxRateBps: 0,
      }
    : null
  return { source, encodes: planEncodes(video, { isTopEncoded: !video.isWebSafe }), audio }
}

/** Every track in stereo and, beside a picture, the first ones with more channels in 5.1 too. */
function planAudio({ audio, video }: MediaInfo): AudioPlan[] {
  // Players select the first track by default.
  const tracks = audio.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
  const stereo = tracks
    .slice(0, MAX_AUDIO_TRACKS)
    .map((track, n) => ({ ...track, name: `audio-${n}`, renditionChannels: 2 }))
  const surround = stereo.filter((track) => video && track.surround).slice(0, MAX_SURROUND_TRACKS)
  return [
    ...stereo,
    ...surround.map((track) => ({
      ...track,
      name: surroundName(track.name),
      renditionChannels: SURROUND_CHANNELS,
      isCopyable: track.surround === 'copy',
    })),
  ]
}

/**
 * Plans the rungs of a codec beside H.264: the same sizes, and that of a copied source up to 1080, each with about the
 * quality of its H.264 rung at a lower bitrate. They are named "720p-av1".
 */
export function planExtraLadder({ video }: MediaInfo, codec: ExtraCodec): Ladder {
  const rungs = video ? planEncodes(video, { isTopEncoded: true }) : []
  const encodes = rungs.map((rung) => ({
    ...rung,
    codec,
    name: `${rung.name}-${codec}`,
    maxRateBps: Math.round(rung.maxRateBps * EXTRA_RATE),
  }))
  return { source: null, encodes, audio: [] }
}

function planEncodes(video: VideoTrackInfo, { isTopEncoded }: { isTopEncoded: boolean }) {
  const shortSide = Math.min(video.width, video.height)
  const frameRate = Math.min(Math.max(video.frameRate, MIN_FRAME_RATE), MAX_FRAME_RATE)
  const top = Math.min(Math.max(2, 2 * Math.floor(shortSide / 2)), 1080)
  const heights = STANDARD_RUNGS.map((rung) => rung.height).filter((height) => height < shortSide)
  if (isTopEncoded && !heights.includes(top)) heights.unshift(top)
  return heights.map((side) => planEncodedRung({ side, video, frameRate }))
}

/** Plans a rung by its shorter side. */
export function planEncodedRung(options: {
  side: number
  video: Pick<VideoTrackInfo, 'width' | 'height'>
  frameRate: number
}): Rung {
  const { side, video, frameRate } = options
  const scale = side / Math.min(video.width, video.height)
  const isPortrait = video.height > video.width
  const long = roundToEven(Math.max(video.width, video.height) * scale)
  const standard = STANDARD_RUNGS.findLast((rung) => rung.height >= side) ?? STANDARD_RUNGS[0]!
  const pixels = (side * long) / (standard.height ** 2 * (16 / 9))
  return {
    name: `${side}p`,
    mode: 'encode',
    codec: 'h264',
    width: isPortrait ? roundToEven(side) : long,
    height: isPortrait ? long : roundToEven(side),
    frameRate,
    maxRateBps: Math.round(
      standard.maxRateBps * Math.max(0.2, Math.min(2, pixels)) * (frameRate > 30 ? 1.5 : 1),
    ),
  }
}

// Chroma is subsampled by two, so both sides must be even.
const roundToEven = (pixels: number) => Math.max(2, Math.round(pixels / 2) * 2)

/**
 * The start of segment `index` of an encoded rung in seconds: 0, 1, 2, 4, 8, 12 … The first segments are short so that
 * playback starts early. Key frames and resumed runs rely on this.
 */
export const segmentStartSeconds = (index: number) => (index < 3 ? index : 4 * (index - 2))

/** The segment that contains `seconds`: the inverse of `segmentStartSeconds`. */
export const segmentIndexAt = (seconds: number) => Math.floor(seconds < 2 ? seconds : seconds / 4 + 2)
