import { toLanguageTag } from '@/lib/videos/languages'
import type { AudioTrackInfo, VideoTrackInfo, SubtitleTrackInfo } from '@/lib/videos/media-info'
import type { ProbedStream } from './ffprobe'
import { readLabel } from './read-metadata'
import { MAX_HOLE_SECONDS } from './seek-plan'
import type { TrackTimes } from './track-times'

const WEB_PROFILES = ['Constrained Baseline', 'Baseline', 'Main', 'High']
/** Level 5.2 in the notation of H.264, the highest that browsers decode everywhere. */
const MAX_WEB_LEVEL = 52
// AVI stores no presentation times, so a stream copy would have none.
const COPYABLE_CONTAINERS = ['mov', 'matroska', 'flv', 'mpegts']
/** Segments of a stream copy extend from key frame to key frame; long ones slow down start and seeking. */
const MAX_COPIED_GAP_SECONDS = 12
/** Browsers treat a longer time without a frame as a gap in the video. */
const MAX_COPIED_STEP_SECONDS = 0.5
/** A copied track ends at most so long before the longest one. */
const MAX_COPIED_REST_SECONDS = 0.5
/** Encoder priming is shorter than this; a longer part before zero was trimmed and must not be played. */
const MAX_PRIMING_SECONDS = 0.1
/** Packets of AAC follow each other every 23 ms or so; where one is missing, the sound has a hole. */
const MAX_COPIED_SOUND_STEP_SECONDS = 0.15
const MAX_TITLE_LENGTH = 100

interface Times {
  times: TrackTimes
  /** The end of the longest track on the timeline. */
  durationSeconds: number
}

export function describeVideo(
  s: ProbedStream,
  { container, ...rest }: Times & { container: string },
): VideoTrackInfo {
  const { times } = rest
  const { width, height, rotation, sampleAspectRatio } = displayGeometry(s)
  const pixelFormat = s.pix_fmt ?? 'unknown'
  const isWebSafe =
    isStatedWebSafe(s, { container }) &&
    times.keyframeGapSeconds <= MAX_COPIED_GAP_SECONDS &&
    times.longestStepSeconds <= MAX_COPIED_STEP_SECONDS &&
    !times.hasDiscarded &&
    !times.hasCollisions &&
    times.zeroed.length === 0 &&
    isFullLength(rest)
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
    frameRate: nominalFrameRate(s, { usualStepSeconds: times.usualStepSeconds, container }),
    timeBaseSeconds: parseRatio(s.time_base) || 0.001,
    ...describePlace(rest),
    isInterlaced: isInterlaced(s),
    isHdr: ['smpte2084', 'arib-std-b67'].includes(s.color_transfer ?? ''),
    isToneMapped: true,
    color: describeColor(s),
    hasAlpha: hasAlpha(s),
    isVariableFrameRate: times.longestStepSeconds > 2.5 * times.usualStepSeconds,
    keyframeGapSeconds: times.keyframeGapSeconds,
    isWebSafe,
  }
}

const isInterlaced = (s: ProbedStream) => !['progressive', 'unknown', undefined].includes(s.field_order)

/** Whether browsers can play a stream copy of a track as its headers describe it. */
export const isStatedWebSafe = (s: ProbedStream, { container }: { container: string }) =>
  s.codec_name === 'h264' &&
  WEB_PROFILES.includes(s.profile ?? '') &&
  (s.level ?? 0) <= MAX_WEB_LEVEL &&
  s.pix_fmt === 'yuv420p' &&
  displayGeometry(s).sampleAspectRatio === 1 &&
  isDisplayedAsStored(s) &&
  !isInterlaced(s) &&
  s.width! % 2 === 0 &&
  s.height! % 2 === 0 &&
  COPYABLE_CONTAINERS.includes(container)

/** Start and end of a track on the timeline. */
const describePlace = ({ times, durationSeconds }: Times) => ({
  startSeconds: Math.max(0, times.firstSeconds),
  endSeconds: Math.min(durationSeconds, times.endSeconds),
})

/** Whether a track extends from the start to the end of the timeline, so that a copy of it has no hole there. */
function isFullLength(options: Times) {
  const { startSeconds, endSeconds } = describePlace(options)
  return startSeconds <= MAX_HOLE_SECONDS && endSeconds >= options.durationSeconds - MAX_COPIED_REST_SECONDS
}

/** Labels that are missing are null. */
function describeColor(s: ProbedStream): VideoTrackInfo['color'] {
  const label = (text: string | undefined) => (text && !['unknown', 'reserved'].includes(text) ? text : null)
  return {
    range: label(s.color_range),
    matrix: label(s.color_space),
    primaries: label(s.color_primaries),
    transfer: label(s.color_transfer),
  }
}

const ALPHA_FORMAT = /^(yuva|gbrap|rgba|bgra|argb|abgr|ya8|ya16|pal8|ayuv)/

/** VP8 and VP9 keep the alpha channel in a second stream, which a tag announces. */
const hasAlpha = (s: ProbedStream) =>
  ALPHA_FORMAT.test(s.pix_fmt ?? '') || (s.tags?.alpha_mode ?? s.tags?.ALPHA_MODE) === '1'

const IDENTITY_MATRIX = [65_536, 0, 0, 0, 65_536, 0, 0, 0, 1_073_741_824]

/** Whether no display matrix rotates or mirrors the picture. */
function isDisplayedAsStored(s: ProbedStream) {
  const text = s.side_data_list?.find((data) => data.displaymatrix)?.displaymatrix
  // Each line is an offset, a colon and three numbers.
  const numbers = text
    ?.split('\n')
    .flatMap((line) => line.split(':')[1]?.trim().split(/\s+/).map(Number) ?? [])
  return !numbers || IDENTITY_MATRIX.every((value, n) => numbers[n] === value)
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

export function describeAudio(s: ProbedStream, options: Times): AudioTrackInfo {
  const { times } = options
  const startsEarly = times.earliestSeconds < -MAX_PRIMING_SECONDS
  const channels = s.channels ?? 2
  const isFit =
    s.codec_name === 'aac' &&
    // HE-AAC and others have other profiles, and are converted.
    s.profile === 'LC' &&
    !startsEarly &&
    times.zeroed.length === 0 &&
    times.longestStepSeconds <= MAX_COPIED_SOUND_STEP_SECONDS &&
    isFullLength(options)
  return {
    index: s.index,
    codec: s.codec_name,
    profile: s.profile ?? null,
    channels,
    ...describePlace(options),
    sampleRate: s.sample_rate ?? 48_000,
    language: toLanguageTag(s.tags?.language),
    title: readTitle(s),
    isDefault: s.disposition?.default === 1,
    isCopyable: isFit && channels <= 2,
    surround: !SURROUND_LAYOUTS.includes(s.channel_layout ?? '')
      ? null
      : isFit && s.channel_layout === '5.1'
        ? 'copy'
        : 'encode',
  }
}

/** As ffmpeg names them. AAC in 5.1 has the first one, if browsers play it: not with a layout of its own (PCE). */
const SURROUND_LAYOUTS = ['5.1', '5.1(side)', '7.1', '7.1(wide)', '7.1(wide-side)']

const BITMAP_SUBTITLE_CODECS = ['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle', 'xsub', 'dvb_teletext']

export const describeSubtitles = (s: ProbedStream): SubtitleTrackInfo => ({
  index: s.index,
  codec: s.codec_name,
  language: toLanguageTag(s.tags?.language),
  title: readTitle(s),
  isText: !BITMAP_SUBTITLE_CODECS.includes(s.codec_name),
})

const readTitle = (s: ProbedStream) => readLabel(s.tags?.title, MAX_TITLE_LENGTH)

// ffprobe reports counterclockwise degrees, from -180 to 180.
function clockwiseRotation(s: ProbedStream) {
  const rotation = s.side_data_list?.find((data) => data.rotation)?.rotation ?? 0
  return (((Math.round(-rotation / 90) * 90) % 360) + 360) % 360
}

// The mean rate is too low if frames are skipped, and some recorders store their clock rate as the frame rate.
function nominalFrameRate(
  s: ProbedStream,
  { usualStepSeconds, container }: { usualStepSeconds: number; container: string },
) {
  // ffmpeg takes the hundredths of a second in which a GIF counts for its rate.
  const mean = container === 'gif' ? 0 : parseRatio(s.avg_frame_rate)
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
