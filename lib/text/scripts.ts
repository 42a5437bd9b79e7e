const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}ー、。，！？]/u
const ALL_UNSPACED = new RegExp(UNSPACED, 'gu')

/** Whether a character belongs to a script, such as Chinese, that does not separate words by spaces. */
export const isWrittenWithoutSpaces = (character: string) => UNSPACED.test(character)

/** Splits a text into words with their punctuation; in scripts without spaces, by dictionary. */
export const splitWords = (text: string) =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((part) => (UNSPACED.test(part) ? segmentWords(part) : [part]))

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

function segmentWords(text: string) {
  const words: string[] = []
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (isWordLike || words.length === 0) words.push(segment)
    else words[words.length - 1] += segment
  }
  return words
}

/** Joins words with spaces, except in scripts without them. */
export const joinWords = (words: readonly string[]) =>
  words.reduce((text, word) => {
    const isJoined =
      text === '' || isWrittenWithoutSpaces(text.at(-1)!) || isWrittenWithoutSpaces(word[0] ?? '')
    return isJoined ? text + word : `${text} ${word}`
  }, '')

/** The number of characters, of which those of scripts without spaces count twice: they are twice as wide. */
export const textWidth = (text: string) => text.length + (text.match(ALL_UNSPACED)?.length ?? 0)
