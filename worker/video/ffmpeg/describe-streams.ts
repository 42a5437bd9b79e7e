import { truncateText, sanitizeText } from '@/lib/text/sanitize'
import { toLanguageTag } from '@/lib/videos/languages'
import type { AudioTrackInfo, VideoTrackInfo, SubtitleTrackInfo } from '@/lib/videos/media-info'
import { PACKET_WINDOW_SECONDS, type ProbedPacket, type ProbedStream } from './ffprobe'

const WEB_PROFILES = ['Constrained Baseline', 'Baseline', 'Main', 'High']
// AVI stores no presentation times, so a stream copy would have none.
const COPYABLE_CONTAINERS = ['mov', 'matroska', 'flv', 'mpegts']
/** Segments of a stream copy extend from key frame to key frame; long ones slow down start and seeking. */
const MAX_COPIED_GAP_SECONDS = 12
/** Browsers treat a longer time without a frame as a gap in the video. */
const MAX_COPIED_STEP_SECONDS = 0.5
/** Longest delay from decoding to presentation. Browsers place segments by decoding time; see `encode-args.ts`. */
const MAX_COPIED_DELAY_SECONDS = 0.15
/** Encoder priming is shorter than this; a longer part before zero was trimmed and must not be played. */
const MAX_PRIMING_SECONDS = 0.1
/** ffprobe's flag for packets before the first presented frame, a result of cutting without encoding. */
const DISCARD_FLAG = 'D'
const MAX_TITLE_LENGTH = 100

export function describeVideo(options: {
  stream: ProbedStream
  packets: ProbedPacket[]
  demuxer: string
  durationSeconds: number
}): VideoTrackInfo {
  const { stream: s, packets, demuxer, durationSeconds } = options
  const streamPackets = packets.filter((packet) => packet.stream_index === s.index)
  const timing = measureTiming(streamPackets, durationSeconds)
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
    timing.keyframeGapSeconds <= MAX_COPIED_GAP_SECONDS &&
    timing.longestStepSeconds <= MAX_COPIED_STEP_SECONDS &&
    s.has_b_frames * timing.usualStepSeconds <= MAX_COPIED_DELAY_SECONDS &&
    !streamPackets.some((packet) => packet.flags.includes(DISCARD_FLAG))
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
    frameRate: nominalFrameRate(s, timing.usualStepSeconds),
    timeBaseSeconds: parseRatio(s.time_base) || 0.001,
    isInterlaced,
    isHdr: ['smpte2084', 'arib-std-b67'].includes(s.color_transfer ?? ''),
    isVariableFrameRate: timing.isVariableFrameRate,
    keyframeGapSeconds: timing.keyframeGapSeconds,
    isWebSafe,
  }
}

/** The displayed size: rotated, with square pixels. */
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

// ffprobe reports counterclockwise degrees, from -180 to 180.
function clockwiseRotation(s: ProbedStream) {
  const rotation = s.side_data_list?.find((data) => data.rotation)?.rotation ?? 0
  return (((Math.round(-rotation / 90) * 90) % 360) + 360) % 360
}

function measureTiming(packets: ProbedPacket[], durationSeconds: number) {
  const timed = packets.filter((packet) => packet.pts_time !== undefined)
  const times = timed.map((packet) => packet.pts_time!).toSorted((a, b) => a - b)
  const steps = times
    .slice(1)
    .map((time, n) => time - times[n]!)
    .toSorted((a, b) => a - b)
  const usualStepSeconds = steps[Math.floor(steps.length / 2)] ?? 0
  const longestStepSeconds = steps.at(-1) ?? 0
  const start = times[0] ?? 0
  const keys = timed
    .filter((packet) => packet.flags.startsWith('K'))
    .map((packet) => packet.pts_time! - start)
  const marks = [0, ...keys.toSorted((a, b) => a - b), Math.min(PACKET_WINDOW_SECONDS, durationSeconds)]
  const keyframeGapSeconds = marks.slice(1).reduce((most, time, n) => Math.max(most, time - marks[n]!), 0)
  const isVariableFrameRate = longestStepSeconds > 2.5 * usualStepSeconds
  return { keyframeGapSeconds, usualStepSeconds, longestStepSeconds, isVariableFrameRate }
}

// The mean rate is too low if frames are skipped, and some recorders store their clock rate as the frame rate.
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
  const [numerator = 0, denominator = 0] = text.split('/').map(Number)
  return denominator > 0 ? numerator / denominator : 0
}
