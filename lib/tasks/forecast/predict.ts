/** The seconds that something takes: the most likely value, and the range in which it nearly always is. */
export interface Range {
  low: number
  point: number
  high: number
}

/** A finished run, from which the duration of others is predicted. */
export interface RunSample {
  kind: string
  /** The video that it was about, for example. */
  subjectId: string | null
  /** Twice the size takes twice as long. */
  size: number
  /** Its duration, as if nothing else had used the CPU. */
  seconds: number
}

export interface SizedRun {
  kind: string
  subjectId: string | null
  size: number
}

/** Possible durations in ascending order. */
export type Durations = readonly { seconds: number; weight: number }[]

/** Samples until one counts half as much, so that predictions follow the load of the computer. */
const HALF_LIFE = 4
/** A sample of e times the size counts e^(-1 / SIZE_TOLERANCE) times as much: costs are not quite proportional. */
const SIZE_TOLERANCE = 0.8
/** Runs about the same subject are the most similar ones. */
const SAME_SUBJECT_WEIGHT = 6
const OTHER_KIND_WEIGHT = 0.3

const QUANTILES = { low: 0.1, point: 0.5, high: 0.9 }

/** Older ones count almost nothing. */
const MAX_SAMPLES = 64

/** Scales the durations of `samples`, newest first, to the size of a run. Similar and recent ones count most. */
export function predictDurations(samples: readonly RunSample[], run: SizedRun): Durations {
  return samples
    .slice(0, MAX_SAMPLES)
    .map((sample, n) => {
      const scale = run.size / sample.size
      const weight =
        2 ** (-n / HALF_LIFE) *
        Math.exp(-Math.abs(Math.log(scale)) / SIZE_TOLERANCE) *
        (sample.subjectId !== null && sample.subjectId === run.subjectId ? SAME_SUBJECT_WEIGHT : 1) *
        (sample.kind === run.kind ? 1 : OTHER_KIND_WEIGHT)
      return { seconds: sample.seconds * scale, weight }
    })
    .toSorted((a, b) => a.seconds - b.seconds)
}

/** The weighted median of `durations` and the range of most of them; null if there are none. */
export function summarize(durations: Durations): Range | null {
  if (durations.length === 0) return null
  return {
    low: weightedQuantile(durations, QUANTILES.low),
    point: weightedQuantile(durations, QUANTILES.point),
    high: weightedQuantile(durations, QUANTILES.high),
  }
}

function weightedQuantile(durations: Durations, q: number) {
  const total = durations.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  for (const { seconds, weight } of durations) {
    sum += weight
    if (sum >= q * total) return seconds
  }
  return durations.at(-1)!.seconds
}
