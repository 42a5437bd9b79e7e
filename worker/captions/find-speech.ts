import { BYTES_PER_SECOND } from './transcriber'

/** Somebody speaks from here to there. */
export interface SpeechSpan {
  startSeconds: number
  endSeconds: number
}

const FRAME_BYTES = 640
const FRAME_SAMPLES = FRAME_BYTES / 2
const FRAME_SECONDS = FRAME_BYTES / BYTES_PER_SECOND
/** Speech is this much louder than what is always there, and louder than the hiss of a microphone. */
const SPEECH_ABOVE_FLOOR_DB = 9
const MIN_SPEECH_DB = -50
const MAX_GAP_SECONDS = 0.4
const MIN_SPEECH_SECONDS = 0.15
const PADDING_SECONDS = 0.1

/** A copy of them as numbers: every processor that we run on keeps the low byte first, as ffmpeg wrote them. */
export const toSamples = (bytes: Buffer) =>
  new Int16Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 2))).buffer)

/** Loudness of each 20 ms in decibels below the loudest there can be. */
export function measureLoudness(samples: Buffer) {
  const values = toSamples(samples)
  const levels = new Float32Array(Math.floor(values.length / FRAME_SAMPLES))
  for (let n = 0; n < levels.length; n++) {
    let sum = 0
    for (let at = n * FRAME_SAMPLES; at < (n + 1) * FRAME_SAMPLES; at++) sum += values[at]! * values[at]!
    levels[n] = 10 * Math.log10(sum / FRAME_SAMPLES / 32_768 ** 2 + 1e-12)
  }
  return levels
}

/** From which loudness on it is speech rather than the room. */
export function speechThresholdDb(levels: Float32Array) {
  const sorted = levels.toSorted()
  const floor = sorted[Math.floor(sorted.length / 10)] ?? -120
  return Math.max(MIN_SPEECH_DB, floor + SPEECH_ABOVE_FLOOR_DB)
}

/** Where somebody may be speaking, by loudness alone: silence and even noise are not it, music is. */
export function findSpeech(samples: Buffer): SpeechSpan[] {
  const levels = measureLoudness(samples)
  const threshold = speechThresholdDb(levels)
  const spells: SpeechSpan[] = []
  levels.forEach((level, n) => {
    if (level < threshold) return
    const startSeconds = n * FRAME_SECONDS
    const endSeconds = startSeconds + FRAME_SECONDS
    const last = spells.at(-1)
    if (last && startSeconds - last.endSeconds < MAX_GAP_SECONDS) last.endSeconds = endSeconds
    else spells.push({ startSeconds, endSeconds })
  })
  return spells
    .filter((spell) => spell.endSeconds - spell.startSeconds >= MIN_SPEECH_SECONDS)
    .map((spell) => ({
      startSeconds: Math.max(0, spell.startSeconds - PADDING_SECONDS),
      endSeconds: spell.endSeconds + PADDING_SECONDS,
    }))
}

/** The byte, between `fromSeconds` and the end, where the longest pause is, or else where it is quietest. */
export function findPause(samples: Buffer, fromSeconds: number) {
  const levels = measureLoudness(samples)
  const threshold = speechThresholdDb(levels)
  const first = Math.floor(fromSeconds / FRAME_SECONDS)
  let quietest = first
  let pause = { from: 0, frames: 0 }
  let begin = first
  for (let n = first; n <= levels.length; n++) {
    if (n < levels.length && levels[n]! < levels[quietest]!) quietest = n
    if (n < levels.length && levels[n]! < threshold) continue
    if (n - begin > pause.frames) pause = { from: begin, frames: n - begin }
    begin = n + 1
  }
  const frame =
    pause.frames * FRAME_SECONDS >= MIN_PAUSE_SECONDS ? pause.from + Math.floor(pause.frames / 2) : quietest
  return frame * FRAME_BYTES
}

const MIN_PAUSE_SECONDS = 0.2
