import { languageName, toLanguageTag } from '../videos/languages'

const MARKS = '(?:\\.(?:sdh|cc|hi|forced|default|SDH|CC|HI|Forced|Default))*'
const SUFFIX = new RegExp(`\\.([a-z]{2,3}|[A-Z]{2,3})((?:[-_][A-Za-z\\d]{2,8})*)${MARKS}$`)
/** Codes of three letters without one of two that are no words of a title. */
const LONG_CODES = ['cmn', 'fil', 'yue']

/**
 * The language that the name of a subtitle file states, where it is unmistakable: `film.de.srt` and `film.ger.forced.srt`
 * are German, `film.pt_BR.srt` is Brazilian Portuguese; `film.sdh.srt`, `The.Great.War.srt` and `Dr.No.srt` name none.
 */
export function languageOfFilename(filename: string, videoFilename: string) {
  const stem = (name: string) => name.replace(/\.[^.]+$/, '')
  if (stem(filename) === stem(videoFilename)) return null
  const [, code, subtags = ''] = SUFFIX.exec(stem(filename)) ?? []
  const tag = code ? toLanguageTag(code + subtags) : null
  if (!tag || languageName(tag) === tag) return null
  const { language } = new Intl.Locale(tag)
  return language.length === 2 || LONG_CODES.includes(language) ? tag : null
}
