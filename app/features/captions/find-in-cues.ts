import { phrasePattern } from '@/lib/captions/phrase-pattern'

/** A range of characters in one cue's text. */
export interface CueRange {
  cueIndex: number
  from: number
  to: number
}

/** Bounds the work of a short query on a long transcript. */
const MAX_MATCHES = 2_000

/**
 * Finds the words of `query` in sequence, ignoring punctuation between them, also across cues. Each match has one range
 * per cue it covers.
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
  for (const { 0: match, index } of cues
    .map(({ text }) => text)
    .join('\n')
    .matchAll(pattern)) {
    const end = index + match.length
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

/** Splits `text` at the given ranges, which must be in order and must not overlap. */
export function splitByMarks<Mark>(
  text: string,
  ranges: readonly { from: number; to: number; mark: Mark }[],
) {
  const pieces: { text: string; mark: Mark | null }[] = []
  let at = 0
  for (const { from, to, mark } of ranges) {
    if (from > at) pieces.push({ text: text.slice(at, from), mark: null })
    pieces.push({ text: text.slice(from, to), mark })
    at = to
  }
  if (at < text.length) pieces.push({ text: text.slice(at), mark: null })
  return pieces
}
