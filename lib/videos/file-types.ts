import { fileTypeFromBuffer } from 'file-type'
import * as messages from '@/lib/generated/messages/video-errors'

/** Number of bytes at the start of a file that `findFileType` needs. */
export const SNIFF_BYTES = 4_100

/** Such as a playlist or subtitles. */
const PLAIN_TEXT = 'plain text'

/** Types that are not named `video/…` or `audio/…` but may contain pictures or sound over time. */
const MEDIA_TYPES = [
  'application/ogg',
  'application/mxf',
  'application/vnd.ms-asf',
  'application/vnd.rn-realmedia',
  'image/gif',
  'image/apng',
  'image/mj2',
]

/**
 * The type that a file has by its `head`, its first SNIFF_BYTES: "PDF", "plain text". Undefined if it is of no known
 * type. A file that may be media can be anything that ffmpeg knows, or damaged.
 */
export async function findFileType(head: Uint8Array) {
  const type = await fileTypeFromBuffer(head)
  if (type) return { name: type.ext.toUpperCase(), mayBeMedia: isMediaType(type.mime) }
  return head.length > 0 && isText(head) ? { name: PLAIN_TEXT, mayBeMedia: false } : undefined
}

const isMediaType = (mime: string) => /^(video|audio)\//.test(mime) || MEDIA_TYPES.includes(mime)

function isText(head: Uint8Array) {
  try {
    // A character may be cut off at the end.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return !CONTROL_CHARACTER.test(text)
  } catch {
    return false
  }
}

/** Other than tab, line feed, form feed and carriage return. */
const CONTROL_CHARACTER = /(?![\t\n\f\r])\p{Cc}/u

export const NOT_MEDIA = 'video.not_media'

/** `type`, if known, is what the file is instead. */
export const notMediaError = (type: string | undefined) => ({
  code: NOT_MEDIA,
  message: describeType(type),
  advice: messages.notMediaAdvice(),
})

function describeType(type: string | undefined) {
  if (type === PLAIN_TEXT) return messages.notMediaPlainText()
  return type ? messages.notMediaOfType({ type }) : messages.notMedia()
}
