/** ISO 639-2 has two codes for some languages; these are the ones that BCP 47 does not know. */
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

/** The BCP 47 tag of what a container says of a track's language: `ger` → `de`. Null where it says nothing. */
export function toLanguageTag(code: string | undefined) {
  const known = code?.trim().toLowerCase()
  if (!known || known === 'und') return null
  try {
    return Intl.getCanonicalLocales(BIBLIOGRAPHIC_CODES[known] ?? known)[0] ?? null
  } catch {
    return null
  }
}

const displayNames = new Intl.DisplayNames('en', { type: 'language' })

/** A language in English words: `de` → `German`. */
export function languageName(tag: string) {
  try {
    return displayNames.of(tag) ?? tag
  } catch {
    return tag
  }
}

/**
 * What to call the audio tracks of a video, no two alike: by title, else by language, else by number.
 * A list of tracks has no other way to tell them apart (RFC 8216, 4.3.4.1).
 */
export function uniqueTrackNames(tracks: readonly { label: string | null; language: string | null }[]) {
  const taken = new Set<string>()
  return tracks.map(({ label, language }, index) => {
    const plain = label ?? (language ? languageName(language) : `Track ${index + 1}`)
    let name = plain
    for (let n = 2; taken.has(name); n++) name = `${plain} (${n})`
    taken.add(name)
    return name
  })
}
