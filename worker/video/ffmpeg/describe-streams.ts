import { truncateText, sanitizeText } from '@/lib/text/sanitize'
import { toLanguageTag } from '@/lib/videos/languages'
import type { AudioTrackInfo, VideoTrackInfo, SubtitleTrackInfo } from '@/lib/videos/media-info'
import { PACKET_WINDOW_SECONDS, type ProbedPacket, type ProbedStream } from './ffprobe'

const WEB_PROFILES = ['Constrained Baseline', 'Baseline', 'Main', 'High']
// AVI keeps no presentation times, so a copy out of it has none either.
const COPYABLE_CONTAINERS = ['mov', 'matroska', 'flv', 'mpegts']
/** Segments of a stream copy last from key frame to key frame; longer ones make seeking and starting slow. */
const MAX_COPIED_GAP_SECONDS = 12
/** Browsers take a longer time without a frame for a hole in the video. */
const MAX_COPIED_STEP_SECONDS = 0.5
/** Between decoding and showing a picture. Browsers place segments by the former; see `ladder-args.ts`. */
const MAX_COPIED_DELAY_SECONDS = 0.15
/** What an encoder puts before the sound is shorter; more than that was cut off and is not to be heard. */
const MAX_PRIMING_SECONDS = 0.1
/** ffprobe's mark of a packet that a cut without encoding left in the file, before the first picture to show. */
const DISCARD_FLAG = 'D'
const MAX_TITLE_LENGTH = 100

export function describeVideo(of: {
  stream: ProbedStream
  packets: ProbedPacket[]
  demuxer: string
  durationSeconds: number
}): VideoTrackInfo {
  const { stream: s, packets, demuxer, durationSeconds } = of
  const own = packets.filter((packet) => packet.stream_index === s.index)
  const times = measureTiming(own, durationSeconds)
  const { width, height, rotation, sampleAspectRatio } = displayGeometry(s)
  const isInterlaced = !['progressive', 'unknown', undefined].includes(s.field_order)
  const pixelFormat = s.pix_fmt ?? 'unknown'
  const isWebSafe =
    s.codec_name === 'h264' &&
    WEB_PROFILES.includes(s.profile ?? '') &&
    pixelFormat === 'yuv420p' &&
    sampleAspectRatio === 1 &&
    rotation === 0 &&
    !isInterlaced &&
    s.width! % 2 === 0 &&
    s.height! % 2 === 0 &&
    COPYABLE_CONTAINERS.includes(demuxer) &&
    times.keyframeGapSeconds <= MAX_COPIED_GAP_SECONDS &&
    times.longestStepSeconds <= MAX_COPIED_STEP_SECONDS &&
    s.has_b_frames * times.usualStepSeconds <= MAX_COPIED_DELAY_SECONDS &&
    !own.some((packet) => packet.flags.includes(DISCARD_FLAG))
  return {
    index: s.index,
    codec: s.codec_name,
    profile: s.profile ?? null,
    level: s.level && s.level > 0 ? s.level : null,
    width,
    height,
    codedWidth: s.width!,
    codedHeight: s.height!,
    rotation,
    sampleAspectRatio,
    pixelFormat,
    bitDepth: s.bits_per_raw_sample || Number(/p(10|12|14|16)/.exec(pixelFormat)?.[1] ?? 8),
    frameRate: nominalFrameRate(s, times.usualStepSeconds),
    timeBaseSeconds: parseRatio(s.time_base) || 0.001,
    isInterlaced,
    isHdr: ['smpte2084', 'arib-std-b67'].includes(s.color_transfer ?? ''),
    isVariableFrameRate: times.isVariableFrameRate,
    keyframeGapSeconds: times.keyframeGapSeconds,
    isWebSafe,
  }
}

/** The picture as shown: turned, and with square pixels. */
export function displayGeometry(s: ProbedStream) {
  const rotation = clockwiseRotation(s)
  const [pixelWidth = 1, pixelHeight = 1] = (s.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  const sampleAspectRatio = pixelWidth > 0 && pixelHeight > 0 ? pixelWidth / pixelHeight : 1
  const across = Math.round(s.width! * sampleAspectRatio)
  const [width, height] = rotation % 180 === 90 ? [s.height!, across] : [across, s.height!]
  return { width, height, rotation, sampleAspectRatio }
}

export function describeAudio(s: ProbedStream, packets: ProbedPacket[]): AudioTrackInfo {
  const startsEarly = packets.some(
    (packet) => packet.stream_index === s.index && (packet.pts_time ?? 0) < -MAX_PRIMING_SECONDS,
  )
  return {
    index: s.index,
    codec: s.codec_name,
    profile: s.profile ?? null,
    channels: s.channels ?? 2,
    sampleRate: s.sample_rate ?? 48_000,
    language: toLanguageTag(s.tags?.language),
    title: readTitle(s),
    isDefault: s.disposition?.default === 1,
    isCopyable: s.codec_name === 'aac' && s.profile === 'LC' && (s.channels ?? 2) <= 2 && !startsEarly,
  }
}

const BITMAP_SUBTITLE_CODECS = ['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle', 'xsub', 'dvb_teletext']

export const describeSubtitles = (s: ProbedStream): SubtitleTrackInfo => ({
  index: s.index,
  codec: s.codec_name,
  language: toLanguageTag(s.tags?.language),
  title: readTitle(s),
  isText: !BITMAP_SUBTITLE_CODECS.includes(s.codec_name),
})

const readTitle = (s: ProbedStream) =>
  sanitizeText(truncateText(s.tags?.title ?? '', MAX_TITLE_LENGTH)) || null

// ffprobe counts counterclockwise, from -180 to 180.
function clockwiseRotation(s: ProbedStream) {
  const rotation = s.side_data_list?.find((data) => data.rotation)?.rotation ?? 0
  return (((Math.round(-rotation / 90) * 90) % 360) + 360) % 360
}

function measureTiming(packets: ProbedPacket[], durationSeconds: number) {
  const timed = packets.filter((packet) => packet.pts_time !== undefined)
  const shownAt = timed.map((packet) => packet.pts_time!).toSorted((a, b) => a - b)
  const steps = shownAt
    .slice(1)
    .map((time, n) => time - shownAt[n]!)
    .toSorted((a, b) => a - b)
  const usualStepSeconds = steps[Math.floor(steps.length / 2)] ?? 0
  const longestStepSeconds = steps.at(-1) ?? 0
  const start = shownAt[0] ?? 0
  const keys = timed
    .filter((packet) => packet.flags.startsWith('K'))
    .map((packet) => packet.pts_time! - start)
  const marks = [0, ...keys.toSorted((a, b) => a - b), Math.min(PACKET_WINDOW_SECONDS, durationSeconds)]
  const keyframeGapSeconds = marks.slice(1).reduce((most, time, n) => Math.max(most, time - marks[n]!), 0)
  const isVariableFrameRate = longestStepSeconds > 2.5 * usualStepSeconds
  return { keyframeGapSeconds, usualStepSeconds, longestStepSeconds, isVariableFrameRate }
}

// The mean is too low where frames are left out; the finest step is a recorder's clock in some files.
function nominalFrameRate(s: ProbedStream, usualStepSeconds: number) {
  const mean = parseRatio(s.avg_frame_rate)
  const finest = parseRatio(s.r_frame_rate)
  const measured = usualStepSeconds > 0 ? 1 / usualStepSeconds : 0
  if (finest > 0 && finest <= 1.1 * Math.max(mean, measured)) return finest
  return Math.max(1, Math.min(240, roundToCommonRate(measured || mean || 25)))
}

const roundToCommonRate = (rate: number) =>
  [24, 25, 30, 48, 50, 60].find((known) => Math.abs(rate / known - 1) < 0.03) ?? Math.round(rate)

function parseRatio(text = '') {
  const [above = 0, below = 0] = text.split('/').map(Number)
  return below > 0 ? above / below : 0
}
