import { describe, expect, it } from 'vitest'
import { findPause, findSpeech } from './find-speech'
import { buildCues } from './build-cues'
import { splitAtPauses } from './audio-chunks'
import { BYTES_PER_SECOND, type Phrase } from './transcriber'

const phrase = (words: string[], secondsPerWord = 0.4): Phrase => ({
  startSeconds: 1,
  endSeconds: 1 + words.length * secondsPerWord,
  text: words.join(' '),
  confidence: null,
  words: words.map((text, n) => ({
    text,
    startSeconds: 1 + n * secondsPerWord,
    endSeconds: 1 + (n + 1) * secondsPerWord,
    confidence: 0.5,
  })),
})
const many = Array.from({ length: 60 }, (_, n) => `word${n}`)

describe('cues', () => {
  it('are short enough to read, do not overlap, and contain every word', () => {
    for (const input of [phrase(many), { ...phrase(many), words: null }]) {
      const cues = buildCues([input], 100)
      expect(cues.map((cue) => cue.text).join(' ')).toBe(many.join(' '))
      cues.forEach((cue, n) => {
        expect(cue.text.length).toBeLessThanOrEqual(90)
        expect(cue.endSeconds - cue.startSeconds).toBeLessThanOrEqual(12)
        expect(cue.startSeconds).toBeGreaterThanOrEqual(n ? cues[n - 1]!.endSeconds - 0.001 : 101)
      })
      expect(cues.at(-1)!.endSeconds).toBeLessThan(100 + input.endSeconds + 0.5)
    }
  })

  it('are split at a long pause and keep the times of their words', () => {
    const spoken = phrase(['one', 'two'])
    spoken.words![1] = { ...spoken.words![1]!, startSeconds: 4, endSeconds: 4.2 }
    const cues = buildCues([spoken], 10)
    expect(cues.map(({ text, startSeconds }) => [text, startSeconds])).toEqual([
      ['one', 11],
      ['two', 14],
    ])
    expect(cues[1]!.words).toEqual([{ text: 'two', startSeconds: 14, endSeconds: 14.2, confidence: 0.5 }])
  })
})

/** Generates audio samples as a sequence of tones. */
const createAudio = (...parts: [seconds: number, amplitude: number][]) =>
  Buffer.concat(
    parts.map(([seconds, amplitude]) => {
      const samples = new Int16Array((seconds * BYTES_PER_SECOND) / 2)
      samples.forEach((_, n) => (samples[n] = Math.round(amplitude * Math.sin(n / 5))))
      return Buffer.from(samples.buffer)
    }),
  )

describe('audio', () => {
  it('is recognized as speech where it is louder than the background noise', () => {
    const [speech, ...more] = findSpeech(createAudio([3, 50], [2, 8000], [3, 50]))
    expect(more).toEqual([])
    expect(speech!.startSeconds).toBeCloseTo(2.9, 1)
    expect(speech!.endSeconds).toBeCloseTo(5.1, 1)
    expect(findSpeech(createAudio([5, 0]))).toEqual([])
    expect(findSpeech(createAudio([5, 8000]))).toEqual([])
  })

  it('is split in the longest pause', () => {
    const samples = createAudio([14, 8000], [1, 0], [5, 8000], [3, 0], [7, 8000])
    expect(findPause(samples, 12) / BYTES_PER_SECOND).toBeCloseTo(21.5, 1)
  })

  it('is split into contiguous chunks of at most 30 seconds, regardless of its input buffers', async () => {
    const recording = createAudio([40, 8000], [1, 0], [50, 8000])
    const buffers = (async function* () {
      for (let at = 0; at < recording.length; at += 9_999) yield recording.subarray(at, at + 9_999)
    })()
    let at = 100
    const bytes: Buffer[] = []
    for await (const { startSeconds, endSeconds, samples } of splitAtPauses(buffers, 100)) {
      expect(startSeconds).toBe(at)
      expect(endSeconds - startSeconds).toBeLessThanOrEqual(30)
      expect(samples.length % 2).toBe(0)
      at = endSeconds
      bytes.push(samples)
    }
    expect(Buffer.concat(bytes).equals(recording)).toBe(true)
    expect(at).toBe(191)
  })
})
