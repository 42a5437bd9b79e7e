/** A part of one cue's text, from and to in characters. */
export interface CueRange {
  cueIndex: number
  from: number
  to: number
}

/** Enough to go through; the rest is more of the same. */
const MAX_MATCHES = 2_000

/**
 * Where the words are said as they follow each other, whatever stands between them, also over the end of a
 * cue. A match is its parts, one for each cue it runs over.
 */
export function findInCues(cues: readonly { text: string }[], query: string): CueRange[][] {
  const pattern = phrasePattern(query)
  if (!pattern) return []
  const starts: number[] = []
  let length = 0
  for (const { text } of cues) {
    starts.push(length)
    length += text.length + 1
  }
  const matches: CueRange[][] = []
  let cueIndex = 0
  for (const { 0: found, index } of cues
    .map(({ text }) => text)
    .join('\n')
    .matchAll(pattern)) {
    const end = index + found.length
    while (cueIndex + 1 < cues.length && starts[cueIndex + 1]! <= index) cueIndex++
    const parts: CueRange[] = []
    for (let n = cueIndex; n < cues.length && starts[n]! < end; n++) {
      const from = Math.max(0, index - starts[n]!)
      const to = Math.min(cues[n]!.text.length, end - starts[n]!)
      if (to > from) parts.push({ cueIndex: n, from, to })
    }
    matches.push(parts)
    if (matches.length === MAX_MATCHES) break
  }
  return matches
}

/** The words of `query` in a row; null where there is nothing to look for. */
export function phrasePattern(query: string) {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu)
  const text = query.trim()
  if (words) return new RegExp(words.join(String.raw`[^\p{L}\p{N}\p{M}]+`), 'giu')
  return text === '' ? null : new RegExp(escapeRegExp(text), 'giu')
}

/** What finds `text` as it stands. Only what has a meaning may be escaped: the flag `u` takes no more. */
export const escapeRegExp = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

/** `text` cut in pieces, those between `from` and `to` marked. `parts` are in order and do not overlap. */
export function splitByMarks<Mark>(text: string, parts: readonly { from: number; to: number; mark: Mark }[]) {
  const pieces: { text: string; mark: Mark | null }[] = []
  let at = 0
  for (const { from, to, mark } of parts) {
    if (from > at) pieces.push({ text: text.slice(at, from), mark: null })
    pieces.push({ text: text.slice(from, to), mark })
    at = to
  }
  if (at < text.length) pieces.push({ text: text.slice(at), mark: null })
  return pieces
}
