/** Word error rate, 0 to 1: insertions, deletions and substitutions per reference word (Levenshtein distance). */
export function calculateWordErrorRate(hypothesis: string, reference: string) {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
  const [a, b] = [words(hypothesis), words(reference)]
  let row = b.map((_, n) => n + 1)
  row.unshift(0)
  for (const [i, word] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (word === other ? 0 : 1)))
    row = next
  }
  return row.at(-1)! / b.length
}
