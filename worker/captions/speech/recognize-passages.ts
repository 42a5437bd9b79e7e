import { textWidth } from '@/lib/text/scripts'
import type { SpeechSpan } from '../find-speech'
import { BYTES_PER_SECOND, type Phrase } from '../transcriber'
import type { Recognition } from './messages'
import { type Passage, restOfPassage, sliceSamples, speechSeconds, splitPassage } from './passages'
import { countSyllables } from './count-syllables'
import { isRepetitive } from './repetition'
import { spreadText } from './spread-text'
import { joinTokens } from './words'

interface Options {
  passages: Passage[]
  /** Of the chunk. */
  samples: Buffer
  /** The engine's code. Default: detected in the longest passage. */
  language?: string
  /** By how much the engine's word times are early. */
  delaySeconds: number
  recognize(samples: Buffer, language: string | undefined): Promise<Recognition>
}

/** Less speech than this after the last segment is not worth another run. */
const MIN_REST_SECONDS = 1
/** Speech has about 14 characters a second, slow speech 8. A character of a script without spaces counts twice. */
const SKIPPED = { minSeconds: 10, minCharactersPerSecond: 5 }
/** Of a passage with skipped speech, in which Whisper may leave out all but one of equal sentences. */
const SKIPPED_AGAIN = { minSeconds: 3, minCharactersPerSecond: 10 }
/** Whisper marks passages without speech as `[BLANK_AUDIO]`, `(music)` or `♪`. */
const NO_SPEECH = /^[[(♪*].*[\])♪*]$/su

/** Recognizes the passages of a chunk in one language, and leaves out what Whisper invents. Phrases are in order. */
export async function recognizePassages({ passages, samples, language, delaySeconds, recognize }: Options) {
  const chunkSeconds = samples.length / BYTES_PER_SECOND
  let detected = language
  const phrases: Phrase[] = []
  // The longest passage is the most reliable one to detect the language in.
  const waiting = passages.toSorted((a, b) => speechSeconds(b) - speechSeconds(a))
  /** Parts of passages that were split. */
  const retries = new Set<Passage>()
  /** Splits a passage, or a part of one only at its pauses, as it would end in single words. Returns false if it has none. */
  const retryInParts = (passage: Passage) => {
    if (retries.has(passage) && passage.speech.length === 1) return false
    const parts = splitPassage(passage, chunkSeconds)
    for (const part of parts) retries.add(part)
    waiting.unshift(...parts)
    return true
  }
  for (let passage = waiting.shift(); passage; passage = waiting.shift()) {
    const recognition = await recognize(sliceSamples(samples, passage), detected)
    if (isRepetitive(recognition.text)) {
      retryInParts(passage)
      continue
    }
    const found = toPhrases(recognition, { passage, samples, delaySeconds })
    const rest = findUnrecognizedRest(recognition, { passage, chunkSeconds })
    const limits = retries.has(passage) ? SKIPPED_AGAIN : SKIPPED
    if (!rest && hasSkippedSpeech(found, passage, limits) && retryInParts(passage)) continue
    phrases.push(...found)
    if (found.length > 0) detected ??= recognition.language || undefined
    if (rest) waiting.unshift(rest)
  }
  phrases.sort((a, b) => a.startSeconds - b.startSeconds)
  return { phrases, language: phrases.length > 0 ? detected : undefined }
}

/** Whether a text is much too short for so much speech: Whisper sometimes skips sentences. */
function hasSkippedSpeech(
  found: readonly Phrase[],
  passage: Passage,
  { minSeconds, minCharactersPerSecond }: typeof SKIPPED,
) {
  const seconds = speechSeconds(passage)
  const width = found.reduce((sum, { text }) => sum + textWidth(text), 0)
  return width > 0 && seconds >= minSeconds && width / seconds < minCharactersPerSecond
}

/** With time marks, Whisper may stop before the end, and expects to be run again from there. */
function findUnrecognizedRest(
  { segments }: Recognition,
  { passage, chunkSeconds }: { passage: Passage; chunkSeconds: number },
) {
  const shifted = shiftSegments(segments, passage)
  if (!arePlausible(shifted, passage)) return null
  const rest = restOfPassage(passage, { fromSeconds: shifted.at(-1)!.endSeconds, chunkSeconds })
  const isShorter = rest && speechSeconds(rest) < speechSeconds(passage)
  return isShorter && speechSeconds(rest) >= MIN_REST_SECONDS ? rest : null
}

function toPhrases(
  { text, tokens, segments }: Recognition,
  { passage, samples, delaySeconds }: { passage: Passage; samples: Buffer; delaySeconds: number },
): Phrase[] {
  if (text.trim() === '' || NO_SPEECH.test(text.trim())) return []
  // Tokens that end within a character do not add up to the text.
  const hasWords =
    tokens
      .map((token) => token.text)
      .join('')
      .trim() === text.trim()
  const words = hasWords ? joinTokens(tokens, { passage, delaySeconds }) : []
  if (words.length > 0) {
    const { startSeconds } = words[0]!
    return [
      { startSeconds, endSeconds: words.at(-1)!.endSeconds, text: text.trim(), confidence: null, words },
    ]
  }
  const shifted = shiftSegments(segments, passage)
  const { startSeconds, endSeconds } = passage
  return (arePlausible(shifted, passage) ? shifted : [{ startSeconds, endSeconds, text }])
    .filter((segment) => !NO_SPEECH.test(segment.text.trim()))
    .flatMap((segment) => spreadText(segment, passage.speech, (span) => countSyllables(samples, span)))
    .map((part) => ({ ...part, confidence: null, words: null }))
}

const shiftSegments = (segments: Recognition['segments'], { startSeconds: by }: Passage) =>
  segments.map((segment) => ({
    ...segment,
    startSeconds: segment.startSeconds + by,
    endSeconds: segment.endSeconds + by,
  }))

/** Whether there are segments, each with at least half of its time in speech: a time mark may lie in a pause. */
const arePlausible = (segments: readonly SpeechSpan[], { speech }: Passage) =>
  segments.length > 0 &&
  segments.every(({ startSeconds, endSeconds }) => {
    const overlaps = speech.map((span) => ({
      startSeconds: Math.max(startSeconds, span.startSeconds),
      endSeconds: Math.min(endSeconds, span.endSeconds),
    }))
    const spoken = overlaps.filter((overlap) => overlap.endSeconds > overlap.startSeconds)
    return speechSeconds({ speech: spoken }) >= (endSeconds - startSeconds) / 2
  })
