/** Encodings of subtitle files, by their names in the Encoding Standard (WHATWG). */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'koi8-r',
  'koi8-u',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'iso-2022-jp',
  'euc-kr',
] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Those other than Unicode. */
export const LEGACY_ENCODINGS = ENCODINGS.filter((name) => !name.startsWith('utf-'))

/** By language, or language and script; the usual one first. */
const BY_LANGUAGE: [languages: string, ...encodings: Encoding[]][] = [
  ['bs cs hr hu pl ro sk sl sq', 'windows-1250', 'iso-8859-2'],
  ['bg mk ru', 'windows-1251', 'koi8-r', 'iso-8859-5'],
  ['be uk', 'windows-1251', 'koi8-u', 'iso-8859-5'],
  ['sr', 'windows-1251', 'windows-1250', 'iso-8859-5'],
  ['el', 'windows-1253', 'iso-8859-7'],
  ['az tr', 'windows-1254'],
  ['he yi', 'windows-1255'],
  ['ar fa ur', 'windows-1256'],
  ['et lt lv', 'windows-1257'],
  ['vi', 'windows-1258'],
  ['th', 'windows-874'],
  ['ja', 'shift_jis', 'euc-jp', 'iso-2022-jp'],
  ['ko', 'euc-kr'],
  ['zh-Hans yue-Hans', 'gb18030', 'big5'],
  ['zh-Hant yue-Hant', 'big5', 'gb18030'],
]

/** The encodings other than Unicode in which files of a language are common; none if it is unknown. */
export function encodingsOfLanguage(tag: string | null | undefined): Encoding[] {
  if (!tag) return []
  const { language, script } = new Intl.Locale(tag).maximize()
  const found = BY_LANGUAGE.find(([languages]) =>
    languages.split(' ').some((name) => name === language || name === `${language}-${script}`),
  )
  if (found) return found.slice(1) as Encoding[]
  return script === 'Latn' ? ['windows-1252'] : []
}
