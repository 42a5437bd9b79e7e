import { toSamples, type SpeechSpan } from '../find-speech'
import { SAMPLE_RATE } from '../transcriber'
import { sliceSamples } from './passages'

const HOP_SAMPLES = SAMPLE_RATE / 100
const WINDOW_SAMPLES = 2 * HOP_SAMPLES
/** The loudness is averaged over so many windows before and after each. */
const SMOOTHED_WINDOWS = 2
/** Two peaks are of two syllables if the loudness falls this much between them. */
const MIN_DIP_DB = 2
/** Peaks that are quieter than the loudest one by more are no syllables. */
const MAX_BELOW_LOUDEST_DB = 25

/**
 * Estimates the number of syllables, at least 1, in some speech by the peaks of its loudness, as in
 * https://doi.org/10.3758/BRM.41.2.385. Slow speakers pause and stretch vowels, so it says more about the number of words than
 * the duration does.
 */
export function countSyllables(samples: Buffer, span: SpeechSpan) {
  const levels = smooth(measureLevels(toSamples(sliceSamples(samples, span))))
  const threshold = Math.max(...levels) - MAX_BELOW_LOUDEST_DB
  return Math.max(1, findPeaks(levels).filter((level) => level > threshold).length)
}

function measureLevels(values: Int16Array) {
  const levels: number[] = []
  for (let from = 0; from + WINDOW_SAMPLES <= values.length; from += HOP_SAMPLES) {
    let sum = 0
    for (let at = from; at < from + WINDOW_SAMPLES; at++) sum += values[at]! * values[at]!
    levels.push(10 * Math.log10(sum / WINDOW_SAMPLES + 1))
  }
  return levels
}

const smooth = (levels: readonly number[]) =>
  levels.map((_, n) => {
    const near = levels.slice(Math.max(0, n - SMOOTHED_WINDOWS), n + SMOOTHED_WINDOWS + 1)
    return near.reduce((sum, level) => sum + level, 0) / near.length
  })

/** The levels of the peaks between which the level falls and rises by at least `MIN_DIP_DB`. */
function findPeaks(levels: readonly number[]) {
  const peaks: number[] = []
  let isRising = true
  let extreme = -Infinity
  for (const level of levels) {
    const isFurther = isRising ? level > extreme : level < extreme
    if (isFurther) extreme = level
    if (Math.abs(level - extreme) < MIN_DIP_DB) continue
    if (isRising) peaks.push(extreme)
    isRising = !isRising
    extreme = level
  }
  return isRising ? [...peaks, extreme] : peaks
}
