import type { CueWord } from '@/lib/captions/schema'
import { joinWords, textWidth } from '@/lib/text/scripts'

const MAX_LINE_WIDTH = 42
/** How far from an even distribution, in characters, a break may be for a better place. */
const SENTENCE_BONUS = 40
const CLAUSE_BONUS = 20
const PAUSE_BONUS = 12
const SHORT_PAUSE_SECONDS = 0.3

/** Splits words into groups that fit into two lines and are spoken within `maxSeconds`. */
export function breakWords(words: readonly CueWord[], maxSeconds: number): CueWord[][] {
  const groups: CueWord[][] = []
  let rest = words
  while (rest.length > 0) {
    const count = countFitting(rest, maxSeconds)
    const end = count === rest.length ? count : findBreak(rest, count)
    groups.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return groups
}

/** The number of words, at least one, that fit into one cue. */
function countFitting(words: readonly CueWord[], maxSeconds: number) {
  let count = 1
  while (
    count < words.length &&
    words[count]!.endSeconds - words[0]!.startSeconds <= maxSeconds &&
    fitsIntoTwoLines(words.slice(0, count + 1))
  )
    count++
  return count
}

function fitsIntoTwoLines(words: readonly CueWord[]) {
  let lines = 1
  let line: string[] = []
  for (const { text } of words) {
    if (line.length > 0 && textWidth(joinWords([...line, text])) > MAX_LINE_WIDTH) {
      lines++
      line = []
    }
    line.push(text)
  }
  return lines <= 2
}

/** The number of words before the best break: at punctuation or a pause, or else so that the parts have equal lengths. */
function findBreak(words: readonly CueWord[], maxCount: number) {
  const width = (count: number) => textWidth(joinWords(words.slice(0, count).map(({ text }) => text)))
  const parts = Math.ceil(width(words.length) / width(maxCount))
  const evenWidth = width(words.length) / parts
  let best = { count: maxCount, score: -Infinity }
  for (let count = 1; count <= maxCount; count++) {
    const score = breakBonus(words[count - 1]!, words[count]!) - Math.abs(width(count) - evenWidth)
    if (score >= best.score) best = { count, score }
  }
  return best.count
}

function breakBonus(word: CueWord, next: CueWord) {
  if (/[.!?…。！？]["'”’»)\]]*$/u.test(word.text)) return SENTENCE_BONUS
  if (/[,;:–—、，]["'”’»)\]]*$/u.test(word.text)) return CLAUSE_BONUS
  return next.startSeconds - word.endSeconds >= SHORT_PAUSE_SECONDS ? PAUSE_BONUS : 0
}
