// Over 200 lines because each step from passages to words is tested with the same recognitions.

import { describe, expect, it } from 'vitest'
import { BYTES_PER_SECOND } from '../transcriber'
import { toWhisperCode } from './languages'
import type { Recognition } from './messages'
import { groupSpeech, splitPassage } from './passages'
import { recognizePassages } from './recognize-passages'
import { spreadText } from './spread-text'
import { joinTokens } from './words'

const span = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })
const group = (spans: Parameters<typeof groupSpeech>[0], chunkSeconds: number) =>
  groupSpeech(spans, { chunkSeconds, maxPassageSeconds: 28 })
const recognition = (text: string, more: Partial<Recognition> = {}): Recognition => ({
  type: 'recognized',
  text,
  language: 'en',
  tokens: [],
  segments: [],
  ...more,
})
const tokens = (...parts: [text: string, startSeconds: number, endSeconds: number, confidence?: number][]) =>
  parts.map(([text, startSeconds, endSeconds, confidence = null]) => ({
    text,
    startSeconds,
    endSeconds,
    confidence,
  }))

describe('speech', () => {
  it('with short pauses is recognized together, in passages of less than 30 s', () => {
    const passages = group([span(0.1, 5), span(6, 12), span(13, 27), span(28.5, 29), span(40, 41)], 60)
    expect(passages.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
      [0, 27.2],
      [28.3, 29.2],
      [39.8, 41.2],
    ])
  })

  it('without pauses is divided evenly if the engine cannot process it at once', () => {
    const passages = groupSpeech([span(1, 21)], { chunkSeconds: 30, maxPassageSeconds: 8 })
    const third = 20 / 3
    expect(passages.map(({ speech }) => speech)).toEqual([
      [span(1, 1 + third)],
      [span(1 + third, 1 + 2 * third)],
      [span(1 + 2 * third, 21)],
    ])
  })

  it('is split at its longest pause, or else in the middle', () => {
    const [passage] = group([span(1, 2), span(2.3, 4), span(5.5, 6), span(6.2, 7)], 10)
    const parts = splitPassage(passage!, 10)
    expect(parts.map(({ speech }) => speech.length)).toEqual([2, 2])
    expect(splitPassage(group([span(1, 5)], 10)[0]!, 10).map(({ speech }) => speech)).toEqual([
      [span(1, 3)],
      [span(3, 5)],
    ])
  })
})

describe('words', () => {
  const [passage] = group([span(1, 3), span(4, 6)], 10)

  it('are joined from tokens and limited to the speech they overlap most', () => {
    const words = joinTokens(
      tokens([' My', 0, 0.5], [' fell', 0.5, 0.8], ['ow', 0.8, 1.2], [',', 1.2, 1.3], [' what', 1.9, 4]),
      { passage: passage!, delaySeconds: 0.12 },
    )
    expect(words.map(({ text }) => text)).toEqual(['My', 'fellow,', 'what'])
    expect(words[0]!.startSeconds).toBe(1)
    expect(words[1]!.endSeconds).toBeCloseTo(2.12)
    expect(words[2]!.startSeconds).toBe(4)
  })

  it('are as certain as their least certain token, without punctuation', () => {
    const words = joinTokens(
      tokens([' fell', 0, 1, 0.9], ['ow', 1, 1.5, 0.6], [',', 1.5, 2, 0.1], [' what', 3, 4]),
      { passage: passage!, delaySeconds: 0 },
    )
    expect(words.map(({ confidence }) => confidence)).toEqual([0.6, null])
  })

  it('keep French and Spanish punctuation, and are characters where there are no spaces', () => {
    const join = (...texts: string[]) =>
      joinTokens(tokens(...texts.map((text) => [text, 0, 1] as [string, number, number])), {
        passage: passage!,
        delaySeconds: 0.12,
      }).map(({ text }) => text)
    expect(join(' Bonjour', ' !', ' ¿', 'Qué', '?')).toEqual(['Bonjour !', '¿Qué?'])
    expect(join('今日', 'は', '。')).toEqual(['今日', 'は。'])
  })
})

describe('the recognition of a chunk', () => {
  const samples = Buffer.alloc(30 * BYTES_PER_SECOND)
  const passages = group([span(1, 2), span(10, 18)], 30)
  const LOOP = 'you know '.repeat(20)

  it('detects the language in the longest passage and returns phrases in order', async () => {
    const languages: (string | undefined)[] = []
    const { phrases, language } = await recognizePassages({
      delaySeconds: 0.12,
      passages,
      samples,
      recognize: async (part, code) => {
        languages.push(code)
        return part.length > 5 * BYTES_PER_SECOND
          ? recognition(' Guten Tag zusammen.', { language: 'de' })
          : recognition(' Hallo.', { language: 'nl' })
      },
    })
    expect(languages).toEqual([undefined, 'de'])
    expect(language).toBe('de')
    expect(phrases.map(({ text }) => text)).toEqual(['Hallo.', 'Guten Tag zusammen.'])
    expect(phrases[1]).toMatchObject({ startSeconds: 10, endSeconds: 18, words: null })
  })

  it('recognizes a repetitive passage again in two parts, and leaves out a part that stays so', async () => {
    const answers = [LOOP, 'The first half.', LOOP, 'Hello.']
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages,
      samples,
      recognize: async () => recognition(answers.shift()!),
    })
    expect(phrases.map(({ text }) => text)).toEqual(['Hello.', 'The first half.'])
    expect(answers).toEqual([])
  })

  it('recognizes a passage again in two parts if its text is much too short for its speech', async () => {
    const lost = 'The trains.'
    const answers = [lost, 'The first half of what was said in here.', lost]
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages: group([span(1, 12), span(13, 24)], 30),
      samples,
      recognize: async () => recognition(answers.shift()!),
    })
    // A part without pauses is not divided further.
    expect(phrases.map(({ text }) => text)).toEqual(['The first half of what was said in here.', lost])
    expect(answers).toEqual([])
  })

  const SENTENCE = 'The train leaves at seven in the morning.'
  const fiveSpans = group([span(1, 3.5), span(4, 6.5), span(7, 9.5), span(10, 12.5), span(13, 15.5)], 30)
  const countSpans = (part: Buffer) => Math.round(part.length / BYTES_PER_SECOND / 3)

  it('keeps a sentence that is said five times, of which Whisper leaves out all but one', async () => {
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages: fiveSpans,
      samples,
      recognize: async () => recognition(SENTENCE),
    })
    expect(phrases.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => SENTENCE))
    expect(phrases.map(({ startSeconds }) => Math.floor(startSeconds))).toEqual([1, 4, 7, 10, 13])
  })

  it('keeps a sentence that is said five times, which looks like a loop', async () => {
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages: fiveSpans,
      samples,
      recognize: async (part) => recognition('No, no, no, no. '.repeat(countSpans(part))),
    })
    expect(phrases.map(({ text }) => text.trim()).join(' ')).toBe('No, no, no, no. '.repeat(5).trim())
  })

  it('leaves out marks of music and silence', async () => {
    const { phrases, language } = await recognizePassages({
      delaySeconds: 0.12,
      passages,
      samples,
      recognize: async () => recognition(' [Music]'),
    })
    expect(phrases).toEqual([])
    expect(language).toBeUndefined()
  })

  it('takes times from segments if there are no words, and moves them into speech', async () => {
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages: group([span(1, 3), span(4, 6)], 30),
      samples,
      recognize: async () =>
        recognition(' One. Two.', { segments: tokens([' One.', 0, 2.5], [' Two.', 2.5, 5.5]) }),
    })
    expect(phrases.map(({ text, startSeconds, endSeconds }) => [text, startSeconds, endSeconds])).toEqual([
      ['One.', 1, 3],
      ['Two.', 4, 6],
    ])
  })

  it('continues after the last segment if Whisper stopped early', async () => {
    const answers = [
      recognition(' One.', { segments: tokens([' One.', 0, 2.2]) }),
      recognition(' Two.', { segments: tokens([' Two.', 0, 2.2]) }),
    ]
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages: group([span(1, 3), span(4, 6)], 30),
      samples,
      recognize: async () => answers.shift()!,
    })
    expect(phrases.map(({ text, startSeconds }) => [text, startSeconds])).toEqual([
      ['One.', 1],
      ['Two.', 4],
    ])
    expect(answers).toEqual([])
  })

  it('loses no words if the times of segments lie in a pause', async () => {
    const { phrases } = await recognizePassages({
      delaySeconds: 0.12,
      passages: group([span(1, 3), span(4.9, 6.9)], 30),
      samples,
      recognize: async () =>
        recognition(' One. Two.', { segments: tokens([' One.', 0, 2], [' Two.', 2, 4]) }),
    })
    expect(phrases.map(({ text, startSeconds }) => [text, startSeconds])).toEqual([
      ['One.', 1],
      ['Two.', 4.9],
    ])
  })
})

describe('a text without word times', () => {
  const speech = [span(1, 3), span(3.2, 4), span(6, 9)]
  const spread = (text: Parameters<typeof spreadText>[0]) =>
    spreadText(text, speech, ({ startSeconds, endSeconds }) => endSeconds - startSeconds)

  it('is divided at pauses in proportion to the speech before and after, preferably after punctuation', () => {
    const text = 'Good morning and welcome. Today we talk about trains.'
    expect(spread({ text, ...span(0, 10) })).toEqual([
      { text: 'Good morning and welcome.', ...span(1, 4) },
      { text: 'Today we talk about trains.', ...span(6, 9) },
    ])
    const parts = spread({ text: 'a b c d e f g h i j', ...span(0, 10) })
    expect(parts.map((part) => part.text)).toEqual(['a b c d e', 'f g h i j'])
  })

  it('stays within its own time range', () => {
    expect(spread({ text: 'Hello', ...span(1.5, 2.5) })).toEqual([{ text: 'Hello', ...span(1.5, 2.5) }])
    expect(spread({ text: 'Hello', ...span(4.5, 5.5) }).map((part) => part.text)).toEqual(['Hello'])
  })
})

describe('a language', () => {
  it('is passed to Whisper by its code, if it has one', () => {
    expect(['pt-BR', 'nb', 'fil', 'de', 'tlh'].map(toWhisperCode)).toEqual([
      'pt',
      'no',
      'tl',
      'de',
      undefined,
    ])
  })
})
