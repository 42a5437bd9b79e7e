import { locateWords } from './locate-words'
import { matchPhrase } from './phrase-pattern'
import { roundToMs } from './round-to-ms'
import type { CueDto } from './schema'

type TimedText = Pick<CueDto, 'text' | 'startSeconds' | 'endSeconds' | 'words'>

/**
 * Returns when the phrase `query` begins that was found in a cue and may extend to the text of `following` ones. Without
 * word times, it is estimated by the position of the phrase in the text.
 */
export function findPhraseSeconds(
  cue: TimedText,
  { query, following }: { query: string; following: string },
) {
  const position = findPhrase(`${cue.text} ${following}`, query)
  if (position >= cue.text.length) return cue.startSeconds
  const word = locateWords(cue).findLast(({ from }) => from <= position)
  const seconds = word?.startSeconds ?? estimateSeconds(cue, position)
  // A user may have moved the cue.
  return roundToMs(Math.min(Math.max(seconds, cue.startSeconds), cue.endSeconds))
}

const WORD_BEFORE = /[\p{L}\p{N}\p{M}]$/u

/** The position of the phrase, preferably at the start of a word; 0 if it is not found. */
function findPhrase(text: string, query: string) {
  const matches = matchPhrase(text, query)
  const whole = matches.find(({ index }) => !WORD_BEFORE.test(text.slice(0, index)))
  return (whole ?? matches[0])?.index ?? 0
}

const estimateSeconds = ({ text, startSeconds, endSeconds }: TimedText, position: number) =>
  startSeconds + ((endSeconds - startSeconds) * position) / text.length
