import { iso6392 } from 'iso-639-2'
import * as messages from '@/lib/generated/messages/video-names'
import { getLocale, type Locale } from '../i18n/locale'

/** Bibliographic codes of ISO 639-2, which BCP 47 does not include. */
const BIBLIOGRAPHIC_CODES: Record<string, string> = {
  alb: 'sq',
  arm: 'hy',
  baq: 'eu',
  bur: 'my',
  chi: 'zh',
  cze: 'cs',
  dut: 'nl',
  fre: 'fr',
  geo: 'ka',
  ger: 'de',
  gre: 'el',
  ice: 'is',
  mac: 'mk',
  mao: 'mi',
  may: 'ms',
  per: 'fa',
  rum: 'ro',
  slo: 'sk',
  tib: 'bo',
  wel: 'cy',
}

/** Normalizes a language code to a BCP 47 tag: `ger` → `de`, `pt_br` → `pt-BR`. Returns null for unknown codes. */
export function toLanguageTag(code: string | undefined) {
  const normalized = code?.trim().toLowerCase().replaceAll('_', '-')
  if (!normalized || normalized === 'und') return null
  const [language, ...others] = normalized.split('-')
  try {
    return (
      Intl.getCanonicalLocales([BIBLIOGRAPHIC_CODES[language!] ?? language, ...others].join('-'))[0] ?? null
    )
  } catch {
    return null
  }
}

/** The code of ISO 639-2 that containers store: `de` → `deu`, `pt-BR` → `por`, null → `und`. */
export function toThreeLetters(tag: string | null) {
  const language = tag?.split('-')[0]
  const known = language && iso6392.find(({ iso6391 }) => iso6391 === language)
  if (!known) return language?.length === 3 ? language : 'und'
  return known.iso6392T ?? known.iso6392B
}

const displayNames = new Map<Locale, Intl.DisplayNames>()

/** The name of a language in the current locale: `de` → `German`. */
export function languageName(tag: string) {
  const locale = getLocale()
  const names = displayNames.get(locale) ?? new Intl.DisplayNames(locale, { type: 'language' })
  displayNames.set(locale, names)
  try {
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}

/**
 * Unique names for the tracks of a video: the label, else the language, else a number. Names in a group must be
 * unique in HLS (RFC 8216, 4.3.4.1).
 */
export function uniqueTrackNames(tracks: readonly { label: string | null; language: string | null }[]) {
  const used = new Set<string>()
  return tracks.map(({ label, language }, index) => {
    const baseName = label ?? (language ? languageName(language) : messages.track({ number: index + 1 }))
    let name = baseName
    for (let n = 2; used.has(name); n++) name = `${baseName} (${n})`
    used.add(name)
    return name
  })
}
