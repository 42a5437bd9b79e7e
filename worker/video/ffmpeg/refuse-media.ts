import { PermanentError } from '@/lib/errors'
import { MAX_DURATION_SECONDS } from '@/lib/videos/media-info'
import { displayGeometry } from './describe-streams'
import type { ProbedStream } from './ffprobe'

const MAX_PIXELS = 8192 * 8192
/** Longest side that H.264 encoders accept. */
const MAX_SIDE_PIXELS = 16_384
/** Largest height divided by width, at which ten thumbnails in a storyboard column reach the height limit of JPEG. */
const MAX_HEIGHT_TO_WIDTH = 40
const ENCRYPTED_CODEC_TAGS = ['encv', 'enca', 'drmi', 'drms', 'p608']

/** @throws {PermanentError} video.protected */
export function assertNotProtected(streams: ProbedStream[]) {
  if (!streams.some((s) => ENCRYPTED_CODEC_TAGS.includes(s.codec_tag_string))) return
  throw new PermanentError({
    code: 'video.protected',
    message: 'This file is copy-protected (DRM), so it cannot be processed.',
    advice: 'Upload a copy without protection.',
  })
}

export function noStreams(streams: ProbedStream[]) {
  const hasUnknown = streams.some((s) => s.codec_type === 'video' || s.codec_type === 'audio')
  return new PermanentError({
    code: 'video.no_streams',
    message: hasUnknown
      ? 'The video and audio in this file are in an unsupported format.'
      : 'This file contains neither video nor audio.',
    advice: 'Check that it plays on your computer, export it as MP4 and upload it again.',
  })
}

const formatHours = (seconds: number) => Math.round(seconds / 3600).toLocaleString('en')

export const tooLong = (seconds: number) =>
  new PermanentError({
    code: 'video.too_long',
    message: `This file is ${formatHours(seconds)} hours long, which is longer than can be processed.`,
    advice: `Split it into parts of ${formatHours(MAX_DURATION_SECONDS)} hours or less.`,
  })

/** @throws {PermanentError} video.too_large or .too_narrow */
export function assertSupportedSize(stream: ProbedStream) {
  const { width, height } = displayGeometry(stream)
  const coded = stream.width! * stream.height!
  if (Math.max(coded, width * height) > MAX_PIXELS || Math.max(width, height) > MAX_SIDE_PIXELS)
    throw new PermanentError({
      code: 'video.too_large',
      message: `The video is ${width} × ${height} pixels, larger than can be processed.`,
      advice: 'Export it at 8192 × 8192 or less, with square pixels.',
    })
  if (width === 0 || height > MAX_HEIGHT_TO_WIDTH * width)
    throw new PermanentError({
      code: 'video.too_narrow',
      message: `The video is ${width} × ${height} pixels, narrower than can be processed.`,
      advice: 'Export it with square pixels, and upload it again.',
    })
}
