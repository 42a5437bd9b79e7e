import { deflateSync } from 'node:zlib'

/** The threshold of Whisper's own decoder (whisper/transcribe.py, compression_ratio_threshold). */
const MAX_COMPRESSION_RATIO = 2.4
/** The same words this often in a row, and this many altogether, are a loop of the decoder, not "no, no, no, no". */
const MIN_REPEATS = 4
const MIN_LOOP_WORDS = 12
const MAX_REPEATED_WORDS = 8

/** Whether a text repeats itself as Whisper does when it gets stuck. */
export function isRepetitive(text: string) {
  const bytes = Buffer.from(text.trim())
  if (bytes.length === 0) return false
  return bytes.length / deflateSync(bytes).length > MAX_COMPRESSION_RATIO || hasLoop(text)
}

function hasLoop(text: string) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
  for (let size = 1; size <= MAX_REPEATED_WORDS; size++) {
    let matches = 0
    for (let n = size; n < words.length; n++) {
      matches = words[n] === words[n - size] ? matches + 1 : 0
      if (matches + size >= Math.max(MIN_REPEATS * size, MIN_LOOP_WORDS)) return true
    }
  }
  return false
}
