/** Below, the sound is silence, which is the same at all times. */
const MIN_LEVEL = 30
/** Correlation of a sound with itself after lossy encoding is well above. */
const MIN_CORRELATION = 0.5
/** A second maximum of this share of the first one shows that the sound repeats. */
const MAX_REPETITION = 0.9

/**
 * Finds by how many samples `later` lags behind `reference`, from −`maxLag` to `maxLag`, as the maximum of their normalized
 * cross-correlation. Null if that shows no lag: silence, noise that differs, or a sound that repeats.
 */
export function findDelay(
  reference: Float32Array,
  later: Float32Array,
  { maxLag }: { maxLag: number },
): number | null {
  const length = Math.min(reference.length, later.length) - 2 * maxLag
  if (length < 2 * maxLag) return null
  const wanted = reference.subarray(maxLag, maxLag + length)
  const wantedEnergy = energy(wanted)
  if (Math.sqrt(wantedEnergy / length) < MIN_LEVEL) return null
  const correlations = new Float32Array(2 * maxLag + 1)
  let foundEnergy = energy(later.subarray(0, length))
  for (let lag = -maxLag; lag <= maxLag; lag++) {
    const found = later.subarray(maxLag + lag, maxLag + lag + length)
    let sum = 0
    for (let n = 0; n < length; n++) sum += wanted[n]! * found[n]!
    correlations[lag + maxLag] = sum / Math.sqrt(wantedEnergy * Math.max(1, foundEnergy))
    foundEnergy += (later[maxLag + lag + length] ?? 0) ** 2 - found[0]! ** 2
  }
  const best = correlations.indexOf(Math.max(...correlations))
  const highest = correlations[best]!
  if (highest < MIN_CORRELATION) return null
  return isUnique(correlations, best) ? best - maxLag : null
}

const energy = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0)

/** Whether no other maximum is about as high as the one at `best`. */
function isUnique(correlations: Float32Array, best: number) {
  const limit = correlations[best]! * MAX_REPETITION
  let [from, to] = [best, best]
  while (from > 0 && correlations[from - 1]! < correlations[from]!) from--
  while (to < correlations.length - 1 && correlations[to + 1]! < correlations[to]!) to++
  return correlations.every((value, n) => (n >= from && n <= to) || value < limit)
}
