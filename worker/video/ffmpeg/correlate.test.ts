import { describe, expect, it } from 'vitest'
import { correlate } from './correlate'

const wave = (length: number, shift = 0) =>
  Uint8Array.from({ length }, (_, n) => 128 + 100 * Math.sin((n + shift) / 7))

describe('the correlation of two pictures', () => {
  it('is 1 for the same, also brighter and with less contrast, and -1 for the negative', () => {
    const picture = wave(1_000)
    expect(correlate(picture, picture)).toBeCloseTo(1)
    expect(
      correlate(
        picture,
        picture.map((value) => 40 + value / 2),
      ),
    ).toBeCloseTo(1, 2)
    expect(
      correlate(
        picture,
        picture.map((value) => 255 - value),
      ),
    ).toBeCloseTo(-1, 2)
  })

  it('is low for others, and unknown where nothing is to be seen', () => {
    expect(Math.abs(correlate(wave(1_000), wave(1_000, 11))!)).toBeLessThan(0.2)
    expect(correlate(wave(1_000), new Uint8Array(1_000).fill(16))).toBeNull()
    expect(correlate(new Uint8Array(), new Uint8Array())).toBeNull()
  })
})
