import { describe, expect, it } from 'vitest'
import { NO_REPORTS, parseReports } from './demuxer-reports'
import { locateDamage } from './locate-damage'
import { TrackTimes } from './track-times'

const STEP_SECONDS = 0.04

/** A track of 20 s without packets in `holes`, and with packets of zeros in `zeros`. */
function buildTrack({ holes = [] as number[][], zeros = [] as number[][] } = {}) {
  const track = new TrackTimes()
  const isIn = (ranges: number[][], at: number) =>
    ranges.some(([start, end]) => at >= start! - 1e-6 && at < end! - 1e-6)
  for (let n = 0; n < 20 / STEP_SECONDS; n++) {
    const seconds = n * STEP_SECONDS
    if (isIn(holes, seconds)) continue
    track.add({
      streamIndex: 0,
      seconds,
      durationSeconds: STEP_SECONDS,
      isKeyframe: true,
      isDiscarded: false,
      isZero: isIn(zeros, seconds),
    })
  }
  track.end()
  return track
}

const locate = (video: TrackTimes | undefined, audio: TrackTimes[], reports = NO_REPORTS) =>
  locateDamage({ video, audio, reports, durationSeconds: 20 }).map(({ startSeconds, endSeconds }) => [
    Number(startSeconds.toFixed(2)),
    Number(endSeconds.toFixed(2)),
  ])
const hole = { holes: [[5, 8]] }

describe('damage', () => {
  it('is not a hole where the demuxer reports nothing', () => {
    expect(locate(buildTrack(hole), [buildTrack(hole)])).toEqual([])
    expect(
      locate(
        buildTrack({
          holes: [
            [1, 3],
            [4, 6],
            [9, 15],
          ],
        }),
        [],
      ),
    ).toEqual([])
  })

  it('is where packets are zeros, in one range if they are close', () => {
    const zeros = [
      [3, 4],
      [4.5, 5],
      [10, 10.2],
    ]
    expect(locate(buildTrack({ zeros }), [buildTrack({ zeros: [[3.2, 4.8]] })])).toEqual([
      [3, 5],
      [10, 10.2],
    ])
  })

  it('is a hole in the sound with those in the pictures, if the demuxer reports an error', () => {
    const reports = { seconds: [], unlocated: 1 }
    const picture = buildTrack({
      holes: [
        [1, 3],
        [5.4, 8.4],
      ],
    })
    expect(locate(picture, [buildTrack(hole)], reports)).toEqual([[5, 8.4]])
    expect(locate(buildTrack(hole), [], reports)).toEqual([[5, 8]])
  })

  it('is not located where there are more holes than errors', () => {
    const reports = { seconds: [], unlocated: 1 }
    expect(
      locate(
        undefined,
        [
          buildTrack({
            holes: [
              [5, 8],
              [12, 14],
            ],
          }),
        ],
        reports,
      ),
    ).toEqual([])
  })

  it('is a short hole at a corrupt packet, and a long one where more packets are corrupt than a pause cuts off', () => {
    const short = buildTrack({
      holes: [
        [5, 5.4],
        [9, 9.4],
      ],
    })
    expect(locate(short, [buildTrack()], { seconds: [4.96], unlocated: 0 })).toEqual([[5, 5.4]])
    const paused = { seconds: [4.9, 4.96], unlocated: 0 }
    expect(locate(buildTrack(hole), [buildTrack(hole)], paused)).toEqual([])
    const lost = { seconds: [4.9, 4.96, 8], unlocated: 0 }
    expect(locate(buildTrack(hole), [buildTrack(hole)], lost)).toEqual([[5, 8]])
  })

  it('is listed at most 50 times', () => {
    const zeros = Array.from({ length: 300 }, (_, n) => [n * 1.2, n * 1.2 + 0.04])
    const long = new TrackTimes()
    for (const [seconds] of zeros)
      long.add({
        streamIndex: 0,
        seconds: seconds!,
        durationSeconds: 0.04,
        isKeyframe: true,
        isDiscarded: false,
        isZero: true,
      })
    long.end()
    expect(locateDamage({ video: long, audio: [], reports: NO_REPORTS, durationSeconds: 400 })).toHaveLength(
      50,
    )
  })
})

it('reads the times of corrupt packets and counts other errors', () => {
  const stderr = [
    '[mpegts @ 0x5598e87ddc80] Packet corrupt (stream = 0, dts = 766800), dropping it.',
    '[mpegts @ 0x558040a9b980] max resync size reached, could not find sync byte',
    '[matroska,webm @ 0x55d5] 0x00 at pos 1661359 (0x1959af) invalid as first byte of an EBML number',
    '[NULL @ 0x557b] missing picture in access unit with size 9910',
  ].join('\n')
  expect(parseReports(stderr, 1.52)).toEqual({ seconds: [7], unlocated: 2 })
  expect(parseReports('')).toEqual(NO_REPORTS)
})
