import { locateWords } from '@/lib/captions/locate-words'
import type { CueDto } from '@/lib/captions/schema'

const MIN_CONFIDENCE = 0.5

/** Returns the words whose confidence is below 0.5, with their positions in the text. */
export const findLowConfidenceWords = (cue: Pick<CueDto, 'text' | 'words'>) =>
  locateWords(cue).filter(({ confidence }) => confidence !== null && confidence < MIN_CONFIDENCE)
