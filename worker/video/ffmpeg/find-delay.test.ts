import { describe, expect, it } from 'vitest'
import { findDelay } from './find-delay'

const LENGTH = 12_000
const maxLag = 1_000

/** Noise with a fixed seed, smoothed as sound is. */
function createSound(length: number) {
  let state = 1
  let smooth = 0
  return Float32Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return (smooth = smooth * 0.7 + (state / 2_147_483_647 - 0.5) * 4_000)
  })
}
const shift = (sound: Float32Array, samples: number) =>
  Float32Array.from({ length: LENGTH }, (_, n) => sound[n - samples + maxLag] ?? 0)

describe('the delay of a sound', () => {
  const sound = createSound(LENGTH + 2 * maxLag)

  it.each([0, 1, 240, -240, 900])('of %i samples is found', (samples) => {
    expect(findDelay(shift(sound, 0), shift(sound, samples), { maxLag })).toBe(samples)
  })

  it('is unknown in silence, in a tone that repeats, and in another sound', () => {
    const silence = new Float32Array(LENGTH)
    expect(findDelay(silence, silence, { maxLag })).toBeNull()
    const tone = Float32Array.from({ length: LENGTH }, (_, n) => 8_000 * Math.sin(n / 3))
    expect(findDelay(tone, tone, { maxLag })).toBeNull()
    expect(findDelay(shift(sound, 0), shift(sound, LENGTH / 2), { maxLag })).toBeNull()
  })

  it('is unknown where too little can be compared', () => {
    expect(findDelay(sound.subarray(0, 3_000), sound.subarray(0, 3_000), { maxLag })).toBeNull()
  })
})
