import { splitIntoWords } from './word-errors'

/** Speech whose words are known. */
export interface Speech {
  name: string
  /** BCP 47. */
  language: string
  /** Whether it is stated, as it cannot be found. */
  isLanguageGiven?: boolean
  /** In the format of `SAMPLE_RATE`, each transcribed for itself. */
  pieces: Piece[]
}

export interface Piece {
  samples: Buffer
  words: KnownWord[]
}

export interface KnownWord {
  text: string
  /** From the start of the piece; null if it is not known. */
  startSeconds: number | null
}

/** Words of a text, without times. */
export const wordsOfText = (text: string): KnownWord[] =>
  splitIntoWords(text).map((word) => ({ text: word, startSeconds: null }))

export const textOf = ({ pieces }: Speech) =>
  pieces.flatMap(({ words }) => words.map(({ text }) => text)).join(' ')
