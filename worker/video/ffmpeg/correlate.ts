/** Pictures with less contrast than this standard deviation, of 255, do not show whether they are the same. */
const MIN_DEVIATION = 4

/**
 * Correlation coefficient (Pearson) of two series of samples from 0 to 255, as long as the shorter one: 1 for the same
 * pictures, also after lossy encoding. Null if one of them hardly varies.
 */
export function correlate(a: Uint8Array, b: Uint8Array): number | null {
  const length = Math.min(a.length, b.length)
  const [meanA, meanB] = [mean(a, length), mean(b, length)]
  let [productSum, squareSumA, squareSumB] = [0, 0, 0]
  for (let n = 0; n < length; n++) {
    const [x, y] = [a[n]! - meanA, b[n]! - meanB]
    productSum += x * y
    squareSumA += x * x
    squareSumB += y * y
  }
  const least = length * MIN_DEVIATION ** 2
  if (length === 0 || Math.min(squareSumA, squareSumB) < least) return null
  return productSum / Math.sqrt(squareSumA * squareSumB)
}

function mean(samples: Uint8Array, length: number) {
  let sum = 0
  for (let n = 0; n < length; n++) sum += samples[n]!
  return sum / (length || 1)
}
