import type { CueDto } from '@/lib/captions/schema'

const MIN_CONFIDENCE = 0.5

export interface LowConfidenceWord {
  from: number
  to: number
  startSeconds: number
}

/** The words of a cue that the engine was not sure of, by where they stand in the text. */
export function findLowConfidenceWords({ text, words }: Pick<CueDto, 'text' | 'words'>): LowConfidenceWord[] {
  const unsure: LowConfidenceWord[] = []
  let at = 0
  for (const word of words ?? []) {
    const spoken = word.text.trim()
    const from = spoken === '' ? -1 : text.indexOf(spoken, at)
    if (from < 0) continue
    at = from + spoken.length
    if (word.confidence !== null && word.confidence < MIN_CONFIDENCE)
      unsure.push({ from, to: at, startSeconds: word.startSeconds })
  }
  return unsure
}
