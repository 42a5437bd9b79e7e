import type { Packet } from './read-packets'

/** Packets in decode order are at most so far from presentation order: H.264 and HEVC reorder up to 16 frames. */
const REORDER_PACKETS = 32
/** Distinct steps between frames that are counted, in microseconds. Usual files have a few. */
const MAX_COUNTED_STEPS = 1_000
const MIN_STEP_SECONDS = 0.000_5

/** Measures when the packets of one track are presented, from all of them, in bounded memory. Times in seconds. */
export class TrackTimes {
  packets = 0
  /** Of all packets, also hidden ones. */
  earliestSeconds = Infinity
  firstSeconds = Infinity
  endSeconds = -Infinity
  /** Longest time from one packet to the next in presentation order. */
  longestStepSeconds = 0
  /** Longest time from one key frame to the next. */
  keyframeGapSeconds = 0
  /** Whether packets have the same time, as where recordings are joined. */
  hasCollisions = false
  /** Whether an edit list hides packets. */
  hasDiscarded = false
  /** The sum of what the packets state, for containers that state no times. */
  #totalSeconds = 0
  #pending: number[] = []
  #last: number | null = null
  #lastKeyframe: number | null = null
  readonly #steps = new Map<number, number>()

  add({ seconds, durationSeconds, isKeyframe, isDiscarded }: Packet) {
    this.packets++
    if (!Number.isNaN(seconds)) this.earliestSeconds = Math.min(this.earliestSeconds, seconds)
    if (isDiscarded) this.hasDiscarded = true
    if (isDiscarded) return
    this.#totalSeconds += durationSeconds
    if (Number.isNaN(seconds)) return
    this.firstSeconds = Math.min(this.firstSeconds, seconds)
    this.endSeconds = Math.max(this.endSeconds, seconds + durationSeconds)
    if (isKeyframe) this.#addKeyframe(seconds)
    this.#pending.push(seconds)
    if (this.#pending.length < 2 * REORDER_PACKETS) return
    this.#pending.sort((a, b) => a - b)
    for (const time of this.#pending.splice(0, REORDER_PACKETS)) this.#addStep(time)
  }

  /** Completes the measurement after the last packet. */
  end() {
    for (const time of this.#pending.toSorted((a, b) => a - b)) this.#addStep(time)
    this.#pending = []
    if (this.firstSeconds === Infinity) {
      this.firstSeconds = 0
      this.endSeconds = this.#totalSeconds
    }
    this.#addKeyframe(this.endSeconds)
  }

  /** The median time from one packet to the next. */
  get usualStepSeconds() {
    const steps = [...this.#steps].toSorted(([a], [b]) => a - b)
    let left = steps.reduce((sum, [, count]) => sum + count, 0) / 2
    return (steps.find(([, count]) => (left -= count) <= 0)?.[0] ?? 0) / 1e6
  }

  #addKeyframe(seconds: number) {
    // The frames before the first key frame cannot be decoded.
    const before = this.#lastKeyframe ?? this.firstSeconds
    this.keyframeGapSeconds = Math.max(this.keyframeGapSeconds, seconds - before)
    this.#lastKeyframe = seconds
  }

  #addStep(seconds: number) {
    const before = this.#last
    const step = before === null ? 0 : seconds - before
    this.#last = seconds
    if (before !== null && step < MIN_STEP_SECONDS) this.hasCollisions = true
    if (step <= 0) return
    this.longestStepSeconds = Math.max(this.longestStepSeconds, step)
    const rounded = Math.round(step * 1e6)
    if (this.#steps.has(rounded) || this.#steps.size < MAX_COUNTED_STEPS)
      this.#steps.set(rounded, (this.#steps.get(rounded) ?? 0) + 1)
  }
}
