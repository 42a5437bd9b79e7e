import { describe, expect, it } from 'vitest'
import { alignDecodeTimes } from './decode-times'

const FRAME = 100

/** Frames in decode order, named by their place in presentation order, as ffmpeg times them. */
const createSamples = (order: number[], delay: number) =>
  order.map((place, n) => ({
    decodeTime: (n - delay) * FRAME,
    presentationTime: place * FRAME,
    duration: FRAME,
  }))

describe('the decode times of a fragment', () => {
  const cases: [order: number[], delay: number][] = [
    [[0, 1, 2, 3], 0],
    [[0, 2, 1, 3, 4], 1],
    [[0, 2, 1], 1],
    [[0, 4, 2, 1, 3, 8, 6, 5, 7, 9], 2],
    [[0, 3, 2, 1], 2],
    [[0], 0],
  ]

  it.each(cases)(
    'of %j, delayed by %i, begin with its first picture and end with its last one',
    (order, delay) => {
      const samples = createSamples(order, delay)
      const aligned = alignDecodeTimes(samples)
      expect(aligned[0]!.decodeTime).toBe(0)
      expect(aligned.reduce((sum, { duration }) => sum + duration, 0)).toBe(order.length * FRAME)
      aligned.forEach(({ decodeTime, presentationTime, duration }, n) => {
        expect(presentationTime).toBe(samples[n]!.presentationTime)
        expect(decodeTime).toBeLessThanOrEqual(presentationTime)
        expect(duration).toBeGreaterThan(0)
        expect(decodeTime + duration).toBe(aligned[n + 1]?.decodeTime ?? order.length * FRAME)
        expect(presentationTime + duration, 'end of the picture').toBeLessThanOrEqual(order.length * FRAME)
      })
    },
  )

  it('may be equal where an open group begins with pictures that are decoded later', () => {
    const aligned = alignDecodeTimes(createSamples([2, 0, 1, 5, 3, 4], 2))
    expect(aligned.map(({ decodeTime }) => decodeTime)).toEqual([0, 0, 2, 100, 200, 400])
    expect(aligned.at(-1)!.duration).toBe(2 * FRAME)
  })

  it('stay as they are where nothing is reordered', () => {
    const samples = createSamples([0, 1, 2], 0)
    expect(alignDecodeTimes(samples)).toEqual(samples)
  })
})
