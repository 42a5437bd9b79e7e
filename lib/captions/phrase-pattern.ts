/** Returns a pattern for the words of `query` in sequence, with any punctuation between them, or null if it is empty. */
export function phrasePattern(query: string) {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu)
  const text = query.trim()
  if (words) return new RegExp(words.join(String.raw`[^\p{L}\p{N}\p{M}]+`), 'giu')
  return text === '' ? null : new RegExp(escapeRegExp(text), 'giu')
}

/**
 * Finds a phrase in a text: as it is, or else with words that begin alike, since the search of the server also finds other
 * forms of its words.
 */
export function matchPhrase(text: string, query: string) {
  const pattern = phrasePattern(query)
  const matches = pattern ? [...text.matchAll(pattern)] : []
  return matches.length > 0 ? matches : [...text.matchAll(similarPhrasePattern(query))]
}

const MIN_COMMON_LETTERS = 3

function similarPhrasePattern(query: string) {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const beginnings = words.map((word) => {
    const letters = Array.from(word)
    return letters.slice(0, Math.max(MIN_COMMON_LETTERS, Math.ceil(letters.length / 2))).join('')
  })
  const [first, ...others] = beginnings.map((beginning) => String.raw`${beginning}[\p{L}\p{N}\p{M}]*`)
  // Matches nothing without words.
  if (first === undefined) return /(?!)/gu
  const phrase = [first, ...others].join(String.raw`[^\p{L}\p{N}\p{M}]+`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}\p{M}])${phrase}`, 'giu')
}

/** Escapes the syntax characters only: the flag `u` rejects other escapes. */
export const escapeRegExp = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
