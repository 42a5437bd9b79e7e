import { BYTES_PER_SECOND } from './transcriber'

/** A time range that contains speech. */
export interface SpeechSpan {
  startSeconds: number
  endSeconds: number
}

const FRAME_BYTES = 640
const FRAME_SAMPLES = FRAME_BYTES / 2
const FRAME_SECONDS = FRAME_BYTES / BYTES_PER_SECOND
/** Speech is this much louder than the noise floor, and louder than microphone hiss. */
const SPEECH_ABOVE_FLOOR_DB = 9
const MIN_SPEECH_DB = -50
const MAX_GAP_SECONDS = 0.4
const MIN_SPEECH_SECONDS = 0.15
const PADDING_SECONDS = 0.1

/** A copy of s16le samples as numbers, for little-endian processors. */
export const toSamples = (bytes: Buffer) =>
  new Int16Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 2))).buffer)

/** Loudness of each 20 ms frame in dBFS. */
function measureLoudness(samples: Buffer) {
  const values = toSamples(samples)
  const levels = new Float32Array(Math.floor(values.length / FRAME_SAMPLES))
  for (let n = 0; n < levels.length; n++) {
    let sum = 0
    for (let at = n * FRAME_SAMPLES; at < (n + 1) * FRAME_SAMPLES; at++) sum += values[at]! * values[at]!
    levels[n] = 10 * Math.log10(sum / FRAME_SAMPLES / 32_768 ** 2 + 1e-12)
  }
  return levels
}

/** The loudness that separates speech from background noise. */
function speechThresholdDb(levels: Float32Array) {
  const sorted = levels.toSorted()
  const floor = sorted[Math.floor(sorted.length / 10)] ?? -120
  return Math.max(MIN_SPEECH_DB, floor + SPEECH_ABOVE_FLOOR_DB)
}

/** Finds possible speech by loudness alone: excludes silence and constant noise, but not music. */
export function findSpeech(samples: Buffer): SpeechSpan[] {
  const levels = measureLoudness(samples)
  const threshold = speechThresholdDb(levels)
  const spans: SpeechSpan[] = []
  levels.forEach((level, n) => {
    if (level < threshold) return
    const startSeconds = n * FRAME_SECONDS
    const endSeconds = startSeconds + FRAME_SECONDS
    const last = spans.at(-1)
    if (last && startSeconds - last.endSeconds < MAX_GAP_SECONDS) last.endSeconds = endSeconds
    else spans.push({ startSeconds, endSeconds })
  })
  return spans
    .filter((span) => span.endSeconds - span.startSeconds >= MIN_SPEECH_SECONDS)
    .map((span) => ({
      startSeconds: Math.max(0, span.startSeconds - PADDING_SECONDS),
      endSeconds: span.endSeconds + PADDING_SECONDS,
    }))
}

/** The byte offset of the longest pause after `fromSeconds`, or of the quietest frame if there is no pause. */
export function findPause(samples: Buffer, fromSeconds: number) {
  const levels = measureLoudness(samples)
  const threshold = speechThresholdDb(levels)
  const first = Math.floor(fromSeconds / FRAME_SECONDS)
  let quietest = first
  let pause = { from: 0, frames: 0 }
  let pauseStart = first
  for (let n = first; n <= levels.length; n++) {
    if (n < levels.length && levels[n]! < levels[quietest]!) quietest = n
    if (n < levels.length && levels[n]! < threshold) continue
    if (n - pauseStart > pause.frames) pause = { from: pauseStart, frames: n - pauseStart }
    pauseStart = n + 1
  }
  const frame =
    pause.frames * FRAME_SECONDS >= MIN_PAUSE_SECONDS ? pause.from + Math.floor(pause.frames / 2) : quietest
  return frame * FRAME_BYTES
}

const MIN_PAUSE_SECONDS = 0.2
