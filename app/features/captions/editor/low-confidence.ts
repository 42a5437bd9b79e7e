import type { CueDto } from '@/lib/captions/schema'

const MIN_CONFIDENCE = 0.5

export interface LowConfidenceWord {
  from: number
  to: number
  startSeconds: number
}

/** Returns the words whose confidence is below 0.5, with their positions in the text. */
export function findLowConfidenceWords({ text, words }: Pick<CueDto, 'text' | 'words'>): LowConfidenceWord[] {
  const found: LowConfidenceWord[] = []
  let at = 0
  for (const word of words ?? []) {
    const spoken = word.text.trim()
    const from = spoken === '' ? -1 : text.indexOf(spoken, at)
    if (from < 0) continue
    at = from + spoken.length
    if (word.confidence !== null && word.confidence < MIN_CONFIDENCE)
      found.push({ from, to: at, startSeconds: word.startSeconds })
  }
  return found
}
