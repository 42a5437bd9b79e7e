import * as messages from '@/lib/generated/messages/caption-names'
import type { Caption } from '../generated/prisma/client'
import { languageName } from '../videos/languages'

/** BCP 47 tag of an undetermined language. */
export const UNKNOWN_LANGUAGE = 'und'

/** The display name of a track: its own label, else its language with its origin if it is generated. */
export function captionLabel(
  caption: Pick<Caption, 'label' | 'language' | 'source' | 'isTranslation' | 'isLowAccuracy'>,
) {
  if (caption.label) return caption.label
  const name =
    caption.language === UNKNOWN_LANGUAGE ? messages.unknownLanguage() : languageName(caption.language)
  if (caption.isTranslation) return messages.translated({ language: name })
  if (caption.source !== 'speech') return name
  return caption.isLowAccuracy
    ? messages.lowAccuracy({ language: name })
    : messages.automatic({ language: name })
}
