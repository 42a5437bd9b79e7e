import { describe, expect, it } from 'vitest'
import { TrackTimes } from './track-times'

function measure(times: number[], { keyframes = [0], durationSeconds = 0.04, hidden = 0 } = {}) {
  const track = new TrackTimes()
  for (const [n, seconds] of times.entries())
    track.add({
      streamIndex: 0,
      seconds,
      durationSeconds,
      isKeyframe: keyframes.includes(n),
      isZero: false,
      isDiscarded: n < hidden,
    })
  track.end()
  return track
}
const regular = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n * 0.04)

describe('the times of a track', () => {
  it('are in presentation order, although packets are in decoding order', () => {
    const times = regular(500).flatMap((time, n) => (n % 3 === 0 ? [time + 0.08, time, time + 0.04] : []))
    const track = measure(times)
    expect(track.firstSeconds).toBe(0)
    expect(track.longestStepSeconds).toBeCloseTo(0.04, 6)
    expect(track.usualStepSeconds).toBeCloseTo(0.04, 6)
  })

  it('show the longest hole and the longest time without a key frame', () => {
    const track = measure([...regular(100), ...regular(100, 29)], { keyframes: [0, 50, 100] })
    expect(track.longestStepSeconds).toBeCloseTo(29 - 99 * 0.04, 6)
    expect(track.usualStepSeconds).toBeCloseTo(0.04, 6)
    expect(track.keyframeGapSeconds).toBeCloseTo(27, 6)
    expect(track.endSeconds).toBeCloseTo(33, 6)
  })

  it('count the time after the last key frame', () => {
    expect(measure(regular(1_000), { keyframes: [0, 25] }).keyframeGapSeconds).toBeCloseTo(39, 6)
  })

  it('are those of shown packets', () => {
    const track = measure(regular(100), { hidden: 25, keyframes: [0, 25] })
    expect(track.hasDiscarded).toBe(true)
    expect(track.firstSeconds).toBeCloseTo(1, 6)
    expect(track.earliestSeconds).toBe(0)
  })

  it('follow from the durations where the container states none', () => {
    const track = measure(Array.from({ length: 50 }, () => Number.NaN))
    expect([track.firstSeconds, track.endSeconds]).toEqual([0, expect.closeTo(2, 6)])
  })
})
