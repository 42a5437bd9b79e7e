/**
 * A part of the timeline that one task transcribes. Its audio starts and ends in the pauses that follow these times, so no
 * word is cut.
 */
export interface CaptionPart {
  startSeconds: number
  /** Null for the last part, which ends with the audio. */
  endSeconds: number | null
}

/** Short, because its captions wait for no part of another video. */
const FIRST_PART_SECONDS = 60
/** Long enough that loading a model costs little, short enough that other users wait for a minute at most. */
const PART_SECONDS = 180
const MAX_PARTS = 1_000

/** Divides a video into parts. Equal for every worker, whenever it plans. */
export function planCaptionParts(durationSeconds: number): CaptionPart[] {
  const usualSeconds = Math.max(PART_SECONDS, Math.ceil(durationSeconds / MAX_PARTS))
  const parts: CaptionPart[] = []
  let startSeconds = 0
  let endSeconds = FIRST_PART_SECONDS
  // A short remainder is added to the last part.
  while (durationSeconds - endSeconds >= usualSeconds / 2) {
    parts.push({ startSeconds, endSeconds })
    startSeconds = endSeconds
    endSeconds += usualSeconds
  }
  return [...parts, { startSeconds, endSeconds: null }]
}

/** Short enough to keep the audio of a part in memory. */
const SPEAKER_PART_SECONDS = 300

/** Divides a video into parts whose speakers are identified. */
export function planSpeakerParts(durationSeconds: number): CaptionPart[] {
  const count = Math.max(1, Math.round(durationSeconds / SPEAKER_PART_SECONDS))
  return Array.from({ length: count }, (_, n) => ({
    startSeconds: n * SPEAKER_PART_SECONDS,
    endSeconds: n === count - 1 ? null : (n + 1) * SPEAKER_PART_SECONDS,
  }))
}

/** The nominal length of a part. */
export const captionPartSeconds = ({ startSeconds, endSeconds }: CaptionPart, durationSeconds: number) =>
  Math.max(0.001, (endSeconds ?? durationSeconds) - startSeconds)
