import { expect, it } from 'vitest'
import { SAMPLE_RATE } from '../transcriber'
import { countSyllables } from './count-syllables'

/** A tone with a syllable for each of the pairs of seconds, and quiet noise elsewhere. */
function createVoice(seconds: number, syllables: readonly [from: number, to: number, amplitude?: number][]) {
  const samples = Buffer.alloc(2 * SAMPLE_RATE * seconds)
  for (let n = 0; n < samples.length / 2; n++) {
    const at = n / SAMPLE_RATE
    const syllable = syllables.find(([from, to]) => from <= at && at < to)
    const amplitude = syllable ? (syllable[2] ?? 8_000) : 10
    samples.writeInt16LE(Math.round(amplitude * Math.sin(1_200 * at)), 2 * n)
  }
  return samples
}

it('counts the peaks of loudness, however long they are', () => {
  const voice = createVoice(3, [
    [0.1, 0.6],
    [0.7, 1.4],
    [1.5, 1.6],
    [1.7, 1.8, 4_000],
    [2.4, 2.6],
  ])
  expect(countSyllables(voice, { startSeconds: 0, endSeconds: 3 })).toBe(5)
  expect(countSyllables(voice, { startSeconds: 0.05, endSeconds: 1.45 })).toBe(2)
})

it('counts at least one, and nothing that is much quieter than the rest', () => {
  const voice = createVoice(2, [
    [0.1, 0.6],
    [0.8, 1, 100],
    [1.2, 1.5],
  ])
  expect(countSyllables(voice, { startSeconds: 0, endSeconds: 2 })).toBe(2)
  expect(countSyllables(voice, { startSeconds: 0, endSeconds: 0.01 })).toBe(1)
  expect(countSyllables(Buffer.alloc(SAMPLE_RATE), { startSeconds: 0, endSeconds: 0.5 })).toBe(1)
})
