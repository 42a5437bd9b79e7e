import { roundToMs } from '@/lib/captions/round-to-ms'
import type { CueWord } from '@/lib/captions/schema'
import { joinWords, splitWords } from '@/lib/text/scripts'
import type { SpeechSpan } from './find-speech'
import { breakWords } from './break-words'
import type { Phrase } from './transcriber'

/** Shortest pause that ends a cue. */
const PAUSE_SECONDS = 1
const MIN_SECONDS = 1
const MAX_SECONDS = 7
/** A cue that is read faster than this stays longer, until the next one. */
const MAX_CHARACTERS_PER_SECOND = 20

export type GeneratedCue = Phrase

/**
 * Splits phrases, whose times count from the start of the chunk, into cues as the guides of the BBC and Netflix advise:
 * at most two lines of 42 characters for 7 s, broken at the ends of sentences and clauses. Cues do not overlap or leave
 * the chunk.
 */
export function buildCues(phrases: readonly Phrase[], chunk: SpeechSpan): GeneratedCue[] {
  const cues = phrases.flatMap((phrase) =>
    splitAtPauses(phrase.words ?? estimateWords(phrase))
      .flatMap((words) => breakWords(words, MAX_SECONDS))
      .map((words) => toCue(words, phrase)),
  )
  const chunkSeconds = chunk.endSeconds - chunk.startSeconds
  return cues.map((cue, n) =>
    shiftCue(extendCue(cue, cues[n + 1]?.startSeconds ?? chunkSeconds), chunk.startSeconds),
  )
}

function splitAtPauses(words: readonly CueWord[]) {
  const groups: CueWord[][] = []
  for (const word of words) {
    const last = groups.at(-1)?.at(-1)
    if (last && word.startSeconds - last.endSeconds <= PAUSE_SECONDS) groups.at(-1)!.push(word)
    else groups.push([word])
  }
  return groups
}

/** The words of a text without word times, with times in proportion to their characters. */
function estimateWords({ text, startSeconds, endSeconds, confidence }: Phrase): CueWord[] {
  const texts = splitWords(text)
  const total = texts.reduce((sum, word) => sum + word.length, 0)
  const seconds = endSeconds - startSeconds
  let characters = 0
  return texts.map((word) => {
    const from = startSeconds + (seconds * characters) / total
    characters += word.length
    const to = startSeconds + (seconds * characters) / total
    return { text: word, startSeconds: from, endSeconds: to, confidence }
  })
}

function toCue(words: CueWord[], phrase: Phrase): GeneratedCue {
  const known = words.flatMap((word) => word.confidence ?? [])
  return {
    startSeconds: words[0]!.startSeconds,
    endSeconds: words.at(-1)!.endSeconds,
    text: joinWords(words.map((word) => word.text)),
    confidence: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null,
    words: phrase.words && words,
  }
}

function extendCue(cue: GeneratedCue, nextSeconds: number): GeneratedCue {
  const { startSeconds, endSeconds, text } = cue
  const readingSeconds = Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, text.length / MAX_CHARACTERS_PER_SECOND))
  const wantedEnd = Math.max(endSeconds, startSeconds + readingSeconds)
  return { ...cue, endSeconds: Math.max(endSeconds, Math.min(wantedEnd, nextSeconds)) }
}

function shiftCue(cue: GeneratedCue, by: number): GeneratedCue {
  const shift = (seconds: number) => roundToMs(seconds + by)
  const shiftTimes = (span: SpeechSpan) => ({
    startSeconds: shift(span.startSeconds),
    endSeconds: shift(span.endSeconds),
  })
  const words = cue.words?.map((word) => ({ ...word, ...shiftTimes(word) })) ?? null
  return { ...cue, ...shiftTimes(cue), words }
}
