import { PermanentError } from '@/lib/errors'
import { MAX_DURATION_SECONDS } from '@/lib/videos/media-info'
import * as messages from '@/lib/generated/messages/media-errors'
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
    message: messages.protected(),
    advice: messages.protectedAdvice(),
  })
}

export function noStreams(streams: ProbedStream[]) {
  const hasUnknown = streams.some((s) => s.codec_type === 'video' || s.codec_type === 'audio')
  return new PermanentError({
    code: 'video.no_streams',
    message: hasUnknown ? messages.unsupported() : messages.noStreams(),
    advice: messages.noStreamsAdvice(),
  })
}

const toHours = (seconds: number) => Math.round(seconds / 3600)

export const tooLong = (seconds: number) =>
  new PermanentError({
    code: 'video.too_long',
    message: messages.tooLong({ hours: toHours(seconds) }),
    advice: messages.tooLongAdvice({ hours: toHours(MAX_DURATION_SECONDS) }),
  })

/** @throws {PermanentError} video.too_large or .too_narrow */
export function assertSupportedSize(stream: ProbedStream) {
  const { width, height } = displayGeometry(stream)
  const coded = stream.width! * stream.height!
  if (Math.max(coded, width * height) > MAX_PIXELS || Math.max(width, height) > MAX_SIDE_PIXELS)
    throw new PermanentError({
      code: 'video.too_large',
      message: messages.tooLarge({ width, height }),
      advice: messages.tooLargeAdvice(),
    })
  if (width === 0 || height > MAX_HEIGHT_TO_WIDTH * width)
    throw new PermanentError({
      code: 'video.too_narrow',
      message: messages.tooNarrow({ width, height }),
      advice: messages.tooNarrowAdvice(),
    })
}
