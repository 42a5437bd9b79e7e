/** Returns a pattern for the words of `query` in sequence, with any punctuation between them, or null if it is empty. */
export function phrasePattern(query: string) {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu)
  const text = query.trim()
  if (words) return new RegExp(words.join(String.raw`[^\p{L}\p{N}\p{M}]+`), 'giu')
  return text === '' ? null : new RegExp(escapeRegExp(text), 'giu')
}

/** Escapes the syntax characters only: the flag `u` rejects other escapes. */
export const escapeRegExp = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
