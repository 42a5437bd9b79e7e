import { type Durations, type Range, summarize } from './predict'

interface RunningTask {
  /** How long such runs take. Empty if nothing is known. */
  durations: Durations
  /** How long it has run, as if nothing else had used the CPU. */
  elapsedSeconds: number
  /** The part of the work that is done, 0 to 1; null if it is not reported steadily. */
  progress: number | null
  /** Of the elapsed time, when that was reported. */
  progressAtSeconds: number
}

/** Progress at which its own speed counts as much as what was learned. */
const EVEN_PROGRESS = 0.15
/** Below, the speed is mostly that of starting a program. */
const MIN_PROGRESS = 0.03
/** Uncertainty of the measured speed when it starts, which falls with the progress. */
const MEASURED_SPREAD = 0.3
/** What is left at least while no further progress is reported. */
const MIN_UNREPORTED_SHARE = 0.2
/** Of the time it has run: how much longer a run takes that has outlasted all others. */
const OVERDUE_SHARE = 0.25

/** The remaining seconds of a running task, as if nothing else used the CPU; null if nothing is known. */
export function remainingSeconds(task: RunningTask): Range | null {
  const { durations, elapsedSeconds, progress, progressAtSeconds } = task
  if (progress === null || progress < MIN_PROGRESS || progressAtSeconds <= 0)
    return outlast(durations, elapsedSeconds)
  const left = 1 - progress
  const measuredSeconds = (progressAtSeconds * left) / progress
  const learned = summarize(durations)
  const spread = MEASURED_SPREAD * (learned ? left : 1)
  const trust = learned ? progress / (progress + EVEN_PROGRESS) : 1
  const sinceSeconds = elapsedSeconds - progressAtSeconds
  const blend = (key: keyof Range, factor: number) => {
    const seconds = trust * measuredSeconds * factor + (1 - trust) * (learned?.[key] ?? 0) * left
    // It works on the next part of which it will report the end.
    return Math.max(seconds - sinceSeconds, seconds * MIN_UNREPORTED_SHARE)
  }
  return { low: blend('low', 1 - spread), point: blend('point', 1), high: blend('high', 1 + spread) }
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
