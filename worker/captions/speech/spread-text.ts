import { joinWords, splitWords } from '@/lib/text/scripts'
import type { SpeechSpan } from '../find-speech'

/** A shorter pause does not divide a text. */
const MIN_PAUSE_SECONDS = 0.5
/** How far from its share of the speech, in parts of the text, a division may be to follow punctuation. */
const PUNCTUATION_BONUS = 0.1

/**
 * Divides a text whose time range contains pauses between the speech before and after each, in proportion to what
 * `measure` returns for each, such as its syllables. Returns parts without pauses.
 */
export function spreadText(
  { text, ...range }: SpeechSpan & { text: string },
  speech: readonly SpeechSpan[],
  measure: (span: SpeechSpan) => number,
) {
  const limited = limitSpans(speech, range)
  // A range in a pause says nothing about where the text is spoken.
  const spans = joinShortPauses(limited.length > 0 ? limited : speech)
  const sizes = spans.length > 1 ? spans.map(measure) : [1]
  const words = splitWords(text)
  const lengths = words.map((word) => word.length)
  const totalLength = sum(lengths)
  const totalSize = sum(sizes)
  let from = 0
  return spans
    .map((span, n) => {
      const share = sum(sizes.slice(0, n + 1)) / totalSize
      const to =
        n === spans.length - 1 ? words.length : findDivision({ words, lengths, totalLength, share, from })
      const part = { ...span, text: joinWords(words.slice(from, to)) }
      from = to
      return part
    })
    .filter((part) => part.text !== '')
}

const seconds = (span: SpeechSpan) => span.endSeconds - span.startSeconds
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const limitSpans = (speech: readonly SpeechSpan[], range: SpeechSpan) =>
  speech
    .map((span) => ({
      startSeconds: Math.max(span.startSeconds, range.startSeconds),
      endSeconds: Math.min(span.endSeconds, range.endSeconds),
    }))
    .filter((span) => seconds(span) > 0)

function joinShortPauses(spans: readonly SpeechSpan[]) {
  const joined: SpeechSpan[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last && span.startSeconds - last.endSeconds < MIN_PAUSE_SECONDS) last.endSeconds = span.endSeconds
    else joined.push({ ...span })
  }
  return joined
}

/** The number of words before the division that is nearest to a share of the text, preferably after punctuation. */
function findDivision(options: {
  words: readonly string[]
  lengths: readonly number[]
  totalLength: number
  share: number
  from: number
}) {
  const { words, lengths, totalLength, share, from } = options
  let best = { count: from, distance: Infinity }
  for (let count = from; count <= words.length; count++) {
    const isAfterPunctuation = /\p{P}$/u.test(words[count - 1] ?? '')
    const position = sum(lengths.slice(0, count)) / totalLength
    const distance = Math.abs(position - share) - (isAfterPunctuation ? PUNCTUATION_BONUS : 0)
    if (distance < best.distance) best = { count, distance }
  }
  return best.count
}
