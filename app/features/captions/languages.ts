import { getLocale } from '@/lib/i18n/locale'
import { languageName } from '@/lib/videos/languages'
import * as messages from '@/lib/generated/messages/captions'

const LANGUAGE_CODES =
  'af ar az be bg bn bs ca cs cy da de el en es et fa fi fr gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mi mk ml mr ms ne nl no pa pl pt pt-BR ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi yue zh'

/** The languages of menus, sorted by their names in the current locale. */
export const listLanguages = (): (readonly [string, string])[] =>
  LANGUAGE_CODES.split(' ')
    .map((code) => [code, languageName(code)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other, getLocale()))

/** Returns the languages of menus, including `code` even if it is not one of them. */
export function languagesIncluding(code: string) {
  const languages = listLanguages()
  if (languages.some(([known]) => known === code)) return languages
  return [[code, code === 'und' ? messages.unknownLanguage() : languageName(code)] as const, ...languages]
}
