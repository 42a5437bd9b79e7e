import { alignWords, splitIntoWords } from './word-errors'
import type { GeneratedCue } from '@/worker/captions/build-cues'
import type { KnownWord } from './known-speech'

/** In seconds, positive if late. */
export interface TimeErrors {
  /** Of the first word of each cue. */
  cues: number[]
  /** Of every word to which a search jumps. */
  words: number[]
}

/** Compares the words that are recognized and whose times are known. */
export function findTimeErrors(cues: readonly GeneratedCue[], words: readonly KnownWord[]): TimeErrors {
  const found = cues.flatMap((cue) => listStarts(cue).map((word, n) => ({ ...word, isFirst: n === 0 })))
  const errors: TimeErrors = { cues: [], words: [] }
  const known = words.map(({ text }) => splitIntoWords(text).join(' '))
  for (const [n, at] of alignWords(
    found.map(({ text }) => text),
    known,
  )) {
    const { startSeconds } = words[at]!
    if (startSeconds === null) continue
    const error = found[n]!.startSeconds - startSeconds
    errors.words.push(error)
    if (found[n]!.isFirst) errors.cues.push(error)
  }
  return errors
}

/** When each word of a cue starts, without word times by its position in the text, as for a search. */
function listStarts({ text, words, startSeconds, endSeconds }: GeneratedCue) {
  if (words)
    return words.map((word) => ({
      text: splitIntoWords(word.text).join(' '),
      startSeconds: word.startSeconds,
    }))
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}']+/gu)].map(({ 0: word, index }) => ({
    text: word,
    startSeconds: startSeconds + ((endSeconds - startSeconds) * index) / text.length,
  }))
}
