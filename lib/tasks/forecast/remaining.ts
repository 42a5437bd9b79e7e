import { type Durations, type Range, summarize } from './predict'

interface RunningTask {
  /** How long such runs take. Empty if nothing is known. */
  durations: Durations
  /** How long it has run, as if nothing else had used the CPU. */
  elapsedSeconds: number
  /** The part of the work that is done, 0 to 1; null if it is not reported steadily. */
  progress: number | null
}

/** Progress at which its own speed counts as much as what was learned. */
const EVEN_PROGRESS = 0.15
/** Below, the speed is mostly that of starting a program. */
const MIN_PROGRESS = 0.03
/** Uncertainty of the measured speed when it starts, which falls with the progress. */
const MEASURED_SPREAD = 0.3
/** Of the time it has run: how much longer a run takes that has outlasted all others. */
const OVERDUE_SHARE = 0.25

/** The remaining seconds of a running task, as if nothing else used the CPU; null if nothing is known. */
export function remainingSeconds({ durations, elapsedSeconds, progress }: RunningTask): Range | null {
  if (progress === null) return outlast(durations, elapsedSeconds)
  const left = 1 - progress
  const learned = summarize(durations)
  const isMeasured = progress >= MIN_PROGRESS && elapsedSeconds > 0
  if (!isMeasured) return learned && scale(learned, left)
  const seconds = (elapsedSeconds * left) / progress
  const spread = MEASURED_SPREAD * (learned ? left : 1)
  const measured = { low: seconds * (1 - spread), point: seconds, high: seconds * (1 + spread) }
  if (!learned) return measured
  const trust = progress / (progress + EVEN_PROGRESS)
  const blend = (key: keyof Range) => trust * measured[key] + (1 - trust) * learned[key] * left
  return { low: blend('low'), point: blend('point'), high: blend('high') }
}

/** What is left of the runs that took longer than this one so far. */
function outlast(durations: Durations, elapsedSeconds: number): Range | null {
  if (durations.length === 0) return null
  const longer = durations.filter(({ seconds }) => seconds > elapsedSeconds)
  const overdue = elapsedSeconds * OVERDUE_SHARE
  const total = summarize(longer)
  if (!total) return { low: 0, point: overdue, high: 4 * overdue }
  return {
    low: Math.max(0, total.low - elapsedSeconds),
    point: total.point - elapsedSeconds,
    high: total.high - elapsedSeconds,
  }
}

const scale = ({ low, point, high }: Range, factor: number): Range => ({
  low: low * factor,
  point: point * factor,
  high: high * factor,
})
