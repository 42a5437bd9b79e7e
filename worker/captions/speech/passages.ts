import type { SpeechSpan } from '../find-speech'
import { BYTES_PER_SECOND } from '../transcriber'

/** Speech that is recognized together. Times in seconds from the start of the chunk. */
export interface Passage extends SpeechSpan {
  /** Without the pauses, in order. */
  speech: SpeechSpan[]
}

const MAX_PAUSE_SECONDS = 2
/** Audio around the speech, of which the detector may miss the first sound. */
const PADDING_SECONDS = 0.2

/**
 * Whisper processes windows of 30 s, each at the same cost, so speech with short pauses shares a passage. Speech without
 * pauses is divided evenly.
 */
export function groupSpeech(
  spans: readonly SpeechSpan[],
  { chunkSeconds, maxPassageSeconds }: { chunkSeconds: number; maxPassageSeconds: number },
): Passage[] {
  const groups: SpeechSpan[][] = []
  for (const span of spans.flatMap((long) => divideSpan(long, maxPassageSeconds))) {
    const group = groups.at(-1)
    const fits =
      group &&
      span.startSeconds - group.at(-1)!.endSeconds < MAX_PAUSE_SECONDS &&
      span.endSeconds - group[0]!.startSeconds <= maxPassageSeconds
    if (fits) group.push(span)
    else groups.push([span])
  }
  return groups.map((speech) => toPassage(speech, chunkSeconds))
}

function divideSpan({ startSeconds, endSeconds }: SpeechSpan, maxSeconds: number): SpeechSpan[] {
  const count = Math.ceil((endSeconds - startSeconds) / maxSeconds)
  const seconds = (endSeconds - startSeconds) / count
  return Array.from({ length: count }, (_, n) => ({
    startSeconds: startSeconds + n * seconds,
    endSeconds: startSeconds + (n + 1) * seconds,
  }))
}

/** Splits a passage at its longest pause, or in the middle if it has none. */
export function splitPassage({ speech }: Passage, chunkSeconds: number): Passage[] {
  const [only] = speech
  if (speech.length === 1) {
    const middle = (only!.startSeconds + only!.endSeconds) / 2
    return [
      toPassage([{ ...only!, endSeconds: middle }], chunkSeconds),
      toPassage([{ ...only!, startSeconds: middle }], chunkSeconds),
    ]
  }
  const pause = (n: number) => speech[n]!.startSeconds - speech[n - 1]!.endSeconds
  let at = 1
  for (let n = 2; n < speech.length; n++) if (pause(n) > pause(at)) at = n
  return [toPassage(speech.slice(0, at), chunkSeconds), toPassage(speech.slice(at), chunkSeconds)]
}

/** The part of a passage after a time; null if it contains no more speech. */
export function restOfPassage(
  { speech }: Passage,
  { fromSeconds, chunkSeconds }: { fromSeconds: number; chunkSeconds: number },
): Passage | null {
  const rest = speech
    .filter((span) => span.endSeconds > fromSeconds)
    .map((span) => ({ ...span, startSeconds: Math.max(span.startSeconds, fromSeconds) }))
  return rest.length > 0 ? toPassage(rest, chunkSeconds) : null
}

const toPassage = (speech: SpeechSpan[], chunkSeconds: number): Passage => ({
  startSeconds: Math.max(0, speech[0]!.startSeconds - PADDING_SECONDS),
  endSeconds: Math.min(chunkSeconds, speech.at(-1)!.endSeconds + PADDING_SECONDS),
  speech,
})

export const speechSeconds = ({ speech }: Pick<Passage, 'speech'>) =>
  speech.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0)

export function sliceSamples(samples: Buffer, { startSeconds, endSeconds }: SpeechSpan) {
  const byteOffset = (seconds: number) => 2 * Math.round((seconds * BYTES_PER_SECOND) / 2)
  return samples.subarray(byteOffset(startSeconds), byteOffset(endSeconds))
}

/** Limits a time range to the speech it overlaps most; without any overlap, to the nearest speech. */
export function clipToSpeech(range: SpeechSpan, speech: readonly SpeechSpan[]): SpeechSpan {
  const overlap = (span: SpeechSpan) =>
    Math.min(range.endSeconds, span.endSeconds) - Math.max(range.startSeconds, span.startSeconds)
  let best = speech[0]!
  for (const span of speech) if (overlap(span) > overlap(best)) best = span
  const clamp = (seconds: number) => Math.min(best.endSeconds, Math.max(best.startSeconds, seconds))
  return { startSeconds: clamp(range.startSeconds), endSeconds: clamp(range.endSeconds) }
}
