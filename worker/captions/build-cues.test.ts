import { describe, expect, it } from 'vitest'
import { buildCues } from './build-cues'
import type { Phrase } from './transcriber'

const chunk = { startSeconds: 100, endSeconds: 130 }

/** A phrase that starts after 1 s, with as many seconds for each word. */
const phrase = (text: string, secondsPerWord = 0.4): Phrase => {
  const words = text.split(' ')
  return {
    startSeconds: 1,
    endSeconds: 1 + words.length * secondsPerWord,
    text,
    confidence: null,
    words: words.map((word, n) => ({
      text: word,
      startSeconds: 1 + n * secondsPerWord,
      endSeconds: 1 + (n + 1) * secondsPerWord,
      confidence: 0.5,
    })),
  }
}
const many = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ')

/** Breaks a text into lines of 42 characters, as a player does. */
const countLines = (text: string) =>
  text
    .replaceAll(/(.{1,42})(\s+|$)/g, '$1\n')
    .trim()
    .split('\n').length

describe('cues', () => {
  it('have at most two lines of 42 characters for 7 s, do not overlap, and contain every word', () => {
    for (const input of [phrase(many), phrase(many, 0.2), { ...phrase(many), words: null }]) {
      const cues = buildCues([input], chunk)
      expect(cues.map((cue) => cue.text).join(' ')).toBe(many)
      cues.forEach((cue, n) => {
        expect(countLines(cue.text)).toBeLessThanOrEqual(2)
        expect(cue.endSeconds - cue.startSeconds).toBeLessThanOrEqual(7.001)
        expect(cue.startSeconds).toBeGreaterThanOrEqual(n ? cues[n - 1]!.endSeconds - 0.001 : 101)
      })
      expect(cues.at(-1)!.endSeconds).toBeLessThanOrEqual(130)
    }
  })

  it('are split at a long pause and keep the times of their words', () => {
    const spoken = phrase('one two')
    spoken.words![1] = { ...spoken.words![1]!, startSeconds: 4, endSeconds: 4.2 }
    const cues = buildCues([spoken], { startSeconds: 10, endSeconds: 20 })
    expect(cues.map(({ text, startSeconds }) => [text, startSeconds])).toEqual([
      ['one', 11],
      ['two', 14],
    ])
    expect(cues[1]!.words).toEqual([{ text: 'two', startSeconds: 14, endSeconds: 14.2, confidence: 0.5 }])
  })

  it('break at the end of a sentence, or else after a clause', () => {
    const sentences =
      'The old house stood on the hill for many years. No book says when it was built, and the records were lost in a flood.'
    expect(buildCues([phrase(sentences, 0.2)], chunk).map((cue) => cue.text)).toEqual([
      'The old house stood on the hill for many years.',
      'No book says when it was built, and the records were lost in a flood.',
    ])
    const clauses =
      'the old house stood on the hill for many long years, no book says when it was built and the records were lost'
    expect(buildCues([phrase(clauses, 0.2)], chunk)[0]!.text).toBe(
      'the old house stood on the hill for many long years,',
    )
  })

  it('have parts of similar length where there is no punctuation', () => {
    const cues = buildCues(
      [
        phrase(
          'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
          0.2,
        ),
      ],
      chunk,
    )
    expect(cues).toHaveLength(2)
    expect(Math.abs(cues[0]!.text.length - cues[1]!.text.length)).toBeLessThan(12)
  })

  it('stay long enough to be read, but not into the next cue or chunk', () => {
    const fast = 'All of this was said within a single second'
    const [alone] = buildCues([phrase(fast, 0.1)], chunk)
    expect(alone!.endSeconds - alone!.startSeconds).toBeCloseTo(fast.length / 20)
    const next = { ...phrase('And then'), startSeconds: 2.5, words: null }
    const [followed] = buildCues([phrase(fast, 0.1), next], chunk)
    expect(followed!.endSeconds).toBe(102.5)
    const [last] = buildCues([phrase(fast, 0.1)], { startSeconds: 100, endSeconds: 102.2 })
    expect(last!.endSeconds).toBe(102.2)
  })

  it('of Chinese count each character as two and contain no spaces', () => {
    const text = '今天天气很好我们去公园散步'.repeat(6)
    const cues = buildCues([{ startSeconds: 0, endSeconds: 14, text, confidence: null, words: null }], chunk)
    expect(cues.map((cue) => cue.text).join('')).toBe(text)
    for (const cue of cues) expect(cue.text.length).toBeLessThanOrEqual(42)
  })
})

/** Generates audio samples as a sequence of tones. */
