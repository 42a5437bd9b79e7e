/** The words of a text without punctuation, in lower case. */
export const splitIntoWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []

/** Word error rate, 0 to 1: insertions, deletions and substitutions per reference word (Levenshtein distance). */
export function calculateWordErrorRate(hypothesis: string, reference: string) {
  const [a, b] = [splitIntoWords(hypothesis), splitIntoWords(reference)]
  return measureDistances(a, b).at(-1)!.at(-1)! / b.length
}

/** Pairs of positions of the same word in an alignment with the fewest errors. */
export function alignWords(hypothesis: readonly string[], reference: readonly string[]) {
  const distances = measureDistances(hypothesis, reference)
  const pairs: [inHypothesis: number, inReference: number][] = []
  let [i, j] = [hypothesis.length, reference.length]
  while (i > 0 && j > 0) {
    const isSame = hypothesis[i - 1] === reference[j - 1]
    if (distances[i]![j] === distances[i - 1]![j - 1]! + (isSame ? 0 : 1)) {
      i--
      j--
      if (isSame) pairs.unshift([i, j])
    } else if (distances[i]![j] === distances[i - 1]![j]! + 1) i--
    else j--
  }
  return pairs
}

/** The distances of all beginnings of two texts. */
function measureDistances(a: readonly string[], b: readonly string[]) {
  const rows = [[0, ...b.map((_, n) => n + 1)]]
  for (const [i, word] of a.entries()) {
    const row = rows.at(-1)!
    const next = [i + 1]
    for (const [j, other] of b.entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (word === other ? 0 : 1)))
    rows.push(next)
  }
  return rows
}
