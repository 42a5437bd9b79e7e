import type { Caption } from '../generated/prisma/client'
import { languageName } from '../videos/languages'

/** Nobody knows, or said, which language it is. */
export const UNKNOWN_LANGUAGE = 'und'

/** What a menu calls a track: its own name, else its language, and how it came to be where that matters. */
export function captionLabel(
  caption: Pick<Caption, 'label' | 'language' | 'source' | 'isTranslation' | 'isLowAccuracy'>,
) {
  if (caption.label) return caption.label
  const name = caption.language === UNKNOWN_LANGUAGE ? 'Unknown language' : languageName(caption.language)
  if (caption.isTranslation) return `${name} (translated)`
  if (caption.source !== 'speech') return name
  return caption.isLowAccuracy ? `${name} (automatic, low accuracy)` : `${name} (automatic)`
}
