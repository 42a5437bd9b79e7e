import { describe, expect, it } from 'vitest'
import { type CaptionPart, planCaptionParts } from '@/lib/captions/plan-parts'
import type { AudioChunk } from './audio-buffer'
import { splitAtPauses } from './audio-chunks'
import { findPause, findSpeech } from './find-speech'
import { BYTES_PER_SECOND } from './transcriber'

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

  /** Splits a part of a recording that arrives in small buffers. */
  async function split(recording: Buffer, part: CaptionPart, fromSeconds = part.startSeconds) {
    const buffers = (async function* () {
      for (let at = fromSeconds * BYTES_PER_SECOND; at < recording.length; at += 9_999)
        yield recording.subarray(at, at + 9_999)
    })()
    const chunks: AudioChunk[] = []
    for await (const chunk of splitAtPauses(buffers, { part, fromSeconds })) chunks.push(chunk)
    return chunks
  }

  it('is split into contiguous chunks of at most 19 seconds, in parts that meet in a pause', async () => {
    const recording = createAudio([58, 8000], [1, 0], [180, 8000], [9, 0], [99, 8000], [2, 0], [47, 8000])
    const parts = planCaptionParts(recording.length / BYTES_PER_SECOND)
    expect(parts).toEqual([
      { startSeconds: 0, endSeconds: 60 },
      { startSeconds: 60, endSeconds: 240 },
      { startSeconds: 240, endSeconds: null },
    ])
    const chunks = (await Promise.all(parts.map((part) => split(recording, part)))).flat()
    let at = 0
    for (const { startSeconds, endSeconds, samples } of chunks) {
      expect(startSeconds).toBeCloseTo(at, 6)
      expect(endSeconds - startSeconds).toBeLessThanOrEqual(19)
      expect(samples.length % 2).toBe(0)
      at = endSeconds
    }
    expect(Buffer.concat(chunks.map(({ samples }) => samples)).equals(recording)).toBe(true)
    // The pause from 239 s to 248 s, as far as it is in the 7 s after the nominal end of the second part.
    expect(chunks.map(({ endSeconds }) => endSeconds)).toContain(243.5)
  })

  it('has the same boundary for both parts, wherever the last chunks before it start', async () => {
    const recording = createAudio([31, 8000], [0.3, 0], [4.2, 8000], [0.5, 0], [10, 8000])
    const next = { startSeconds: 30, endSeconds: null }
    const [after] = await split(recording, next)
    for (let seconds = 8; seconds < 30; seconds++) {
      const chunks = await split(recording, { startSeconds: 0, endSeconds: 30 }, seconds)
      expect(chunks.at(-1)!.endSeconds, `from ${seconds} s`).toBeCloseTo(after!.startSeconds, 6)
      for (const { startSeconds, endSeconds } of chunks)
        expect(endSeconds - startSeconds).toBeLessThanOrEqual(19)
    }
  })

  it('of a part that resumes continues after the last chunk', async () => {
    const recording = createAudio([100, 8000], [1, 0], [50, 8000])
    const part = { startSeconds: 60, endSeconds: 120 }
    const [first, ...rest] = await split(recording, part)
    expect(await split(recording, part, first!.endSeconds)).toEqual(rest)
    expect(rest.at(-1)!.endSeconds).toBeGreaterThanOrEqual(120)
  })

  it('is closed at the end of a part, and when its consumer stops, as it would wait for its reader', async () => {
    const recording = createAudio([300, 8000])
    let isClosed = false
    const read = (endSeconds: number) => {
      isClosed = false
      const audio = (async function* () {
        try {
          for (let at = 0; at < recording.length; at += 9_999) yield recording.subarray(at, at + 9_999)
        } finally {
          isClosed = true
        }
      })()
      return splitAtPauses(audio, { part: { startSeconds: 0, endSeconds }, fromSeconds: 0 })
    }
    for await (const { endSeconds } of read(60)) expect(endSeconds).toBeLessThanOrEqual(75)
    expect(isClosed).toBe(true)
    for await (const { startSeconds } of read(200)) {
      expect([startSeconds, isClosed]).toEqual([0, false])
      break
    }
    expect(isClosed).toBe(true)
  })
})
