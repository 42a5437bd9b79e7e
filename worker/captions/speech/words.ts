import type { CueWord } from '@/lib/captions/schema'
import { isWrittenWithoutSpaces } from '@/lib/text/scripts'
import type { Recognition } from './messages'
import { clipToSpeech, type Passage } from './passages'

const MIN_WORD_SECONDS = 0.05

/**
 * Joins tokens to words with times from the start of the chunk. The confidence of a word is that of its least certain
 * token. The engine adds a pause to the word after it, so each word is limited to the speech that it overlaps most.
 */
export function joinTokens(
  tokens: Recognition['tokens'],
  { passage, delaySeconds }: { passage: Passage; delaySeconds: number },
): CueWord[] {
  const words: Recognition['tokens'] = []
  for (const token of tokens) {
    const last = words.at(-1)
    if (!last || beginsWord(token.text, last.text)) words.push({ ...token })
    else {
      last.text += token.text
      // Punctuation has the pause after the word, and says nothing about its letters.
      if (!/[\p{L}\p{N}]/u.test(token.text)) continue
      last.endSeconds = token.endSeconds
      last.confidence = lower(last.confidence, token.confidence)
    }
  }
  const shift = passage.startSeconds + delaySeconds
  let earliestSeconds = 0
  return words
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, confidence, ...range }) => {
      const spoken = clipToSpeech(
        { startSeconds: range.startSeconds + shift, endSeconds: range.endSeconds + shift },
        passage.speech,
      )
      const startSeconds = Math.max(spoken.startSeconds, earliestSeconds)
      earliestSeconds = startSeconds
      const endSeconds = Math.max(spoken.endSeconds, startSeconds + MIN_WORD_SECONDS)
      return { text: text.trim(), startSeconds, endSeconds, confidence }
    })
}

const lower = (one: number | null, other: number | null) =>
  one === null || other === null ? null : Math.min(one, other)

/** French has a space before some of them. */
const CLOSING_PUNCTUATION = /^\s*[.,!?;:…%»”)\]}。，！？、]+$/u

const beginsWord = (text: string, before: string) =>
  !CLOSING_PUNCTUATION.test(text) &&
  (text.startsWith(' ') ||
    (/^[\p{L}\p{N}]/u.test(text) &&
      (isWrittenWithoutSpaces(text[0]!) || isWrittenWithoutSpaces(before.at(-1)!))))
