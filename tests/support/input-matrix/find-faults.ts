import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import type { LadderRun } from '../ladder-run'
import { readStreams } from '../media-analysis'
import { ABSENT, ORIENTATIONS } from './formats'
import { CORNERS, EVENT_SECONDS, secondsOf, sizeOf, TONES_HERTZ } from './generate-input'
import { measurePicture, measureSound } from './measure-rendition'
import type { Input } from './plan-inputs'

const TOLERANCE_SECONDS = 0.1
const SYNC_SECONDS = 0.05
const COLOR_TOLERANCE = 30
/** Of the power of a channel, for its tone. */
const MIN_TONE_SHARE = 0.9

/** What became of a track. */
export type Outcome = 'copied' | 'encoded' | typeof ABSENT

/** Whether browsers play a track as it is: a promise, not what the product decides. */
function expectedOutcome(input: Input): { video: Outcome; audio: Outcome } {
  const { container, video, audio, pixels, orientation, rate, layout } = input
  const isCopyable =
    video === 'h264' &&
    pixels === 'yuv420p' &&
    orientation === 'upright' &&
    rate !== '1' &&
    !['avi', 'nut', 'h264'].includes(container)
  const isAacCopyable = audio === 'aac' && ['mono', 'stereo'].includes(layout)
  return {
    video: video === ABSENT ? ABSENT : isCopyable ? 'copied' : 'encoded',
    audio: audio === ABSENT ? ABSENT : isAacCopyable ? 'copied' : 'encoded',
  }
}

/** What became of the tracks. */
export const readOutcome = ({ info, segments }: LadderRun): { video: Outcome; audio: Outcome } => ({
  video: info.video ? (segments.has('source') ? 'copied' : 'encoded') : ABSENT,
  audio: info.audio[0] ? (info.audio[0].isCopyable ? 'copied' : 'encoded') : ABSENT,
})

/** Compares the renditions of an input with what was put in. Returns what is wrong with them, in words. */
export async function findFaults(input: Input, run: LadderRun) {
  const { info } = run
  const faults: string[] = []
  const check = (isRight: boolean, fault: string) => void (isRight || faults.push(fault))
  const isNear = (value: number, wanted: number, tolerance: number) => Math.abs(value - wanted) <= tolerance

  check(run.leftOut.length === 0, `left out ${run.leftOut.join(', ')}`)
  check(
    isNear(info.durationSeconds, secondsOf(input), TOLERANCE_SECONDS),
    `inspected as ${info.durationSeconds} s`,
  )
  check(isNear(run.endSeconds, secondsOf(input), TOLERANCE_SECONDS), `renditions end at ${run.endSeconds} s`)

  const pictureNames = [...run.segments.keys()].filter((name) => !name.startsWith('audio'))
  const expected = expectedOutcome(input)
  check(
    pictureNames.includes('source') === (expected.video === 'copied'),
    `picture in ${pictureNames.join(', ') || 'no rendition'} instead of ${expected.video}`,
  )
  const events: number[] = []
  if (input.video !== ABSENT) {
    const { height, displayWidth } = sizeOf(input)
    const [a, b, c, d] = ORIENTATIONS[input.orientation]!
    const isPortrait = a === 0
    const [wide, high] = isPortrait ? [height, displayWidth] : [displayWidth, height]
    for (const name of pictureNames) {
      const file = run.renditionPath(name)
      const [stream] = await readStreams(file)
      const { colorAt, warnings, frames, eventSeconds } = await measurePicture(file, { isPortrait })
      check(warnings === '', `${name}: ${warnings}`)
      check(frames.decoded === frames.listed, `${name}: ${frames.decoded} of ${frames.listed} frames decoded`)
      const shape = Number(stream!.width) / Number(stream!.height) / (wide / high)
      check(isNear(shape, 1, 0.02), `${name}: ${stream!.width}×${stream!.height}`)
      if (name === pictureNames[0])
        check(stream!.height === high, `${name}: ${stream!.height} lines instead of ${high}`)
      for (const { side, color } of CORNERS) {
        const [x, y] = [a * side[0] + c * side[1], b * side[0] + d * side[1]]
        const found = colorAt(x, y)
        const wanted = input.pixels === 'gray' ? toGray(color) : color
        check(
          wanted.every((value, n) => isNear(found[n]!, value, COLOR_TOLERANCE)),
          `${name}: ${found.join(' ')} at ${x}, ${y} instead of ${wanted.join(' ')}`,
        )
      }
      events.push(eventSeconds)
    }
  }
  if (input.audio !== ABSENT) {
    const file = run.renditionPath('audio-0')
    const [stream] = await readStreams(file)
    const isCopied = info.audio[0]?.isCopyable === true
    check(isCopied === (expected.audio === 'copied'), `sound is ${isCopied ? 'copied' : 'encoded'}`)
    check(
      stream!.codec_name === 'aac' && Number(stream!.channels) <= 2,
      `sound is ${stream!.channels} channels`,
    )
    const { warnings, loudest, eventSeconds, shareOf } = await measureSound(file)
    check(warnings === '', `sound: ${warnings}`)
    check(loudest > 2_000, `sound: peak of ${loudest}`)
    const isMono = input.layout === 'mono'
    for (const n of [0, 1]) {
      const hertz = TONES_HERTZ[isMono ? 0 : n]!
      const share = shareOf(n, hertz)
      check(share > MIN_TONE_SHARE, `sound: channel ${n} has ${Math.round(100 * share)} % at ${hertz} Hz`)
    }
    events.push(eventSeconds)
  }
  // Pictures of a constant rate are up to half a picture away from their time.
  const tolerance = SYNC_SECONDS + (info.video ? 0.5 / info.video.frameRate : 0)
  const [first = 0, ...others] = events.map((seconds) => seconds - MEDIA_TIME_OFFSET_SECONDS)
  // Muxers delay all tracks by what an encoder puts before the sound.
  check(
    isNear(first, EVENT_SECONDS, tolerance + SYNC_SECONDS),
    `event at ${first} s instead of ${EVENT_SECONDS} s`,
  )
  for (const seconds of others)
    check(isNear(seconds, first, tolerance), `event at ${seconds} s and ${first} s`)
  return faults
}

/** With the weights of ITU-R BT.601. */
const toGray = ([red, green, blue]: readonly [number, number, number]) =>
  Array.from({ length: 3 }, () => Math.round(0.299 * red + 0.587 * green + 0.114 * blue))
