import type { DamagedRange } from '@/lib/videos/media-info'
import type { Packet } from './read-packets'

/** Packets in decode order are at most so far from presentation order: H.264 and HEVC reorder up to 16 frames. */
const REORDER_PACKETS = 32
/** Distinct steps between frames that are counted, in microseconds. Usual files have a few. */
const MAX_COUNTED_STEPS = 1_000
const MIN_STEP_SECONDS = 0.000_5
/** Pictures or sound of at least so long are missing in a hole. */
const MIN_HOLE_SECONDS = 0.1
/** More holes show that the rate is variable, and are not listed. */
const MAX_HOLES = 500
const MAX_ZEROED = 500

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
  /** Where packets contain nothing but zeros. */
  zeroed: DamagedRange[] = []
  /** The sum of what the packets state, for containers that state no times. */
  #totalSeconds = 0
  /** In ascending order. */
  #pending: number[] = []
  #last: number | null = null
  #lastKeyframe: number | null = null
  #longSteps: DamagedRange[] = []
  readonly #steps = new Map<number, number>()

  add({ seconds, durationSeconds, isKeyframe, isDiscarded, isZero }: Packet) {
    this.packets++
    if (!Number.isNaN(seconds)) this.earliestSeconds = Math.min(this.earliestSeconds, seconds)
    if (isDiscarded) this.hasDiscarded = true
    if (isDiscarded) return
    this.#totalSeconds += durationSeconds
    if (Number.isNaN(seconds)) return
    this.firstSeconds = Math.min(this.firstSeconds, seconds)
    this.endSeconds = Math.max(this.endSeconds, seconds + durationSeconds)
    if (isKeyframe) this.#addKeyframe(seconds)
    if (isZero) this.#addZeroed(seconds, seconds + durationSeconds)
    this.#insertPending(seconds)
    if (this.#pending.length < 2 * REORDER_PACKETS) return
    for (const time of this.#pending.splice(0, REORDER_PACKETS)) this.#addStep(time)
  }

  /** Completes the measurement after the last packet. */
  end() {
    for (const time of this.#pending) this.#addStep(time)
    this.#pending = []
    if (this.firstSeconds === Infinity) {
      this.firstSeconds = 0
      this.endSeconds = this.#totalSeconds
    }
    this.#addKeyframe(this.endSeconds)
  }

  /** Completes the measurement of the start of a track whose rest, up to `endSeconds`, is taken to be like it. */
  endAt(endSeconds: number) {
    this.end()
    this.endSeconds = endSeconds
  }

  /** The median time from one packet to the next. */
  get usualStepSeconds() {
    const steps = [...this.#steps].toSorted(([a], [b]) => a - b)
    let left = steps.reduce((sum, [, count]) => sum + count, 0) / 2
    return (steps.find(([, count]) => (left -= count) <= 0)?.[0] ?? 0) / 1e6
  }

  /** The times without a packet, after what one usually lasts. None if there are many. */
  get holes(): DamagedRange[] {
    const usual = this.usualStepSeconds
    const holes = this.#longSteps.flatMap(({ startSeconds, endSeconds }) =>
      endSeconds - startSeconds - usual >= MIN_HOLE_SECONDS
        ? [{ startSeconds: startSeconds + usual, endSeconds }]
        : [],
    )
    return holes.length < MAX_HOLES ? holes : []
  }

  /** Most packets are the last or nearly so. */
  #insertPending(seconds: number) {
    let at = this.#pending.length
    while (at > 0 && this.#pending[at - 1]! > seconds) at--
    this.#pending.splice(at, 0, seconds)
  }

  #addZeroed(startSeconds: number, endSeconds: number) {
    const last = this.zeroed.at(-1)
    // In decode order, so pictures overlap.
    if (last && startSeconds <= last.endSeconds + MIN_HOLE_SECONDS)
      this.zeroed[this.zeroed.length - 1] = {
        startSeconds: Math.min(last.startSeconds, startSeconds),
        endSeconds: Math.max(last.endSeconds, endSeconds),
      }
    else if (this.zeroed.length < MAX_ZEROED) this.zeroed.push({ startSeconds, endSeconds })
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
    if (step >= MIN_HOLE_SECONDS && this.#longSteps.length < MAX_HOLES)
      this.#longSteps.push({ startSeconds: before!, endSeconds: seconds })
    const rounded = Math.round(step * 1e6)
    if (this.#steps.has(rounded) || this.#steps.size < MAX_COUNTED_STEPS)
      this.#steps.set(rounded, (this.#steps.get(rounded) ?? 0) + 1)
  }
}
