import type { Word } from '@/lib/captions/contract'
import type { Phrase } from './transcriber'

/** What is shown at once: two lines of 42 characters, for as long as they take to read. */
const MOST_CHARACTERS = 84
const LONGEST_SECONDS = 6
/** A pause that ends a cue. */
const PAUSE_SECONDS = 1
/** A cue that is said quickly stays a little longer, if nothing follows it. */
const SHORTEST_SECONDS = 1
const LONGER_SECONDS = 0.4

export type MadeCue = Phrase

/** Cues of what was heard: none too long to read, each where it is said. `fromSeconds` is added to all times. */
export function shapeCues(phrases: readonly Phrase[], fromSeconds: number): MadeCue[] {
  const cues = phrases.flatMap((phrase) => (phrase.words ? ofWords(phrase.words) : ofText(phrase)))
  return cues.map((cue, n) => {
    const next = cues[n + 1]?.startSeconds ?? Infinity
    const longer = Math.min(cue.startSeconds + SHORTEST_SECONDS, cue.endSeconds + LONGER_SECONDS, next)
    return shifted({ ...cue, endSeconds: Math.max(cue.endSeconds, longer) }, fromSeconds)
  })
}

function ofWords(words: readonly Word[]) {
  const groups: Word[][] = []
  for (const word of words) {
    const group = groups.at(-1)
    const first = group?.[0]
    const last = group?.at(-1)
    const isFull =
      !group ||
      word.startSeconds - last!.endSeconds > PAUSE_SECONDS ||
      word.endSeconds - first!.startSeconds > LONGEST_SECONDS ||
      textOf([...group, word]).length > MOST_CHARACTERS
    if (isFull) groups.push([word])
    else group.push(word)
  }
  return groups.map((group): MadeCue => {
    const known = group.flatMap((word) => word.confidence ?? [])
    return {
      startSeconds: group[0]!.startSeconds,
      endSeconds: group.at(-1)!.endSeconds,
      text: textOf(group),
      confidence: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null,
      words: group,
    }
  })
}

const textOf = (words: readonly Word[]) => words.map((word) => word.text).join(' ')

/** Without times of words, a long text is cut evenly, each part for its share of the time. */
function ofText(phrase: Phrase): MadeCue[] {
  const text = phrase.text.trim()
  const seconds = phrase.endSeconds - phrase.startSeconds
  const parts = Math.max(Math.ceil(text.length / MOST_CHARACTERS), Math.ceil(seconds / (2 * LONGEST_SECONDS)))
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
  const all = lines.reduce((sum, line) => sum + line.length, 0)
  let said = 0
  return lines.map((line) => {
    const startSeconds = phrase.startSeconds + (seconds * said) / all
    said += line.length
    const endSeconds = phrase.startSeconds + (seconds * said) / all
    return { startSeconds, endSeconds, text: line, confidence: phrase.confidence, words: null }
  })
}

function shifted(cue: MadeCue, by: number): MadeCue {
  const at = (seconds: number) => Math.round((seconds + by) * 1000) / 1000
  const times = (of: { startSeconds: number; endSeconds: number }) => ({
    startSeconds: at(of.startSeconds),
    endSeconds: at(of.endSeconds),
  })
  return { ...cue, ...times(cue), words: cue.words?.map((word) => ({ ...word, ...times(word) })) ?? null }
}
