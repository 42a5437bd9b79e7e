import type { CueWord } from '@/lib/captions/schema'
import type { Phrase } from './transcriber'

/** Longest cue: two lines of 42 characters, shown for the time they take to read. */
const MAX_CHARACTERS = 84
const MAX_SECONDS = 6
/** Shortest pause that ends a cue. */
const PAUSE_SECONDS = 1
/** A shorter cue is extended, up to the start of the next one. */
const MIN_SECONDS = 1
const MAX_EXTENSION_SECONDS = 0.4

export type GeneratedCue = Phrase

/** Splits phrases into cues that are short enough to read. `fromSeconds` is added to all times. */
export function buildCues(phrases: readonly Phrase[], fromSeconds: number): GeneratedCue[] {
  const cues = phrases.flatMap((phrase) =>
    phrase.words ? cuesFromWords(phrase.words) : cuesFromText(phrase),
  )
  return cues.map((cue, n) => {
    const next = cues[n + 1]?.startSeconds ?? Infinity
    const extendedEnd = Math.min(cue.startSeconds + MIN_SECONDS, cue.endSeconds + MAX_EXTENSION_SECONDS, next)
    return shiftCue({ ...cue, endSeconds: Math.max(cue.endSeconds, extendedEnd) }, fromSeconds)
  })
}

function cuesFromWords(words: readonly CueWord[]) {
  const groups: CueWord[][] = []
  for (const word of words) {
    const group = groups.at(-1)
    const first = group?.[0]
    const last = group?.at(-1)
    const isFull =
      !group ||
      word.startSeconds - last!.endSeconds > PAUSE_SECONDS ||
      word.endSeconds - first!.startSeconds > MAX_SECONDS ||
      joinWords([...group, word]).length > MAX_CHARACTERS
    if (isFull) groups.push([word])
    else group.push(word)
  }
  return groups.map((group): GeneratedCue => {
    const known = group.flatMap((word) => word.confidence ?? [])
    return {
      startSeconds: group[0]!.startSeconds,
      endSeconds: group.at(-1)!.endSeconds,
      text: joinWords(group),
      confidence: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null,
      words: group,
    }
  })
}

const joinWords = (words: readonly CueWord[]) => words.map((word) => word.text).join(' ')

/** Splits a text without word times evenly, and its time in proportion to the characters. */
function cuesFromText(phrase: Phrase): GeneratedCue[] {
  const text = phrase.text.trim()
  const seconds = phrase.endSeconds - phrase.startSeconds
  const parts = Math.max(Math.ceil(text.length / MAX_CHARACTERS), Math.ceil(seconds / (2 * MAX_SECONDS)))
  if (text === '') return []
  const words = text.split(/\s+/)
  const length = Math.ceil(text.length / parts)
  const lines: string[] = []
  for (const word of words) {
    const line = lines.at(-1)
    const isFull = line === undefined || (lines.length < parts && line.length + word.length / 2 > length)
    if (isFull) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  const total = lines.reduce((sum, line) => sum + line.length, 0)
  let offset = 0
  return lines.map((line) => {
    const startSeconds = phrase.startSeconds + (seconds * offset) / total
    offset += line.length
    const endSeconds = phrase.startSeconds + (seconds * offset) / total
    return { startSeconds, endSeconds, text: line, confidence: phrase.confidence, words: null }
  })
}

function shiftCue(cue: GeneratedCue, by: number): GeneratedCue {
  const shift = (seconds: number) => Math.round((seconds + by) * 1000) / 1000
  const shiftTimes = (span: { startSeconds: number; endSeconds: number }) => ({
    startSeconds: shift(span.startSeconds),
    endSeconds: shift(span.endSeconds),
  })
  const words = cue.words?.map((word) => ({ ...word, ...shiftTimes(word) })) ?? null
  return { ...cue, ...shiftTimes(cue), words }
}
