import { languageName } from '@/lib/videos/languages'

const LANGUAGE_CODES =
  'af ar az be bg bn bs ca cs cy da de el en es et fa fi fr gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mi mk ml mr ms ne nl no pa pl pt pt-BR ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi yue zh'

/** The languages of menus, sorted by English name. */
export const LANGUAGES: readonly (readonly [string, string])[] = LANGUAGE_CODES.split(' ')
  .map((code) => [code, languageName(code)] as const)
  .sort(([, one], [, other]) => one.localeCompare(other))

/** Returns the languages of menus, including `code` even if it is not one of them. */
export const languagesIncluding = (code: string) =>
  LANGUAGES.some(([known]) => known === code)
    ? LANGUAGES
    : [[code, code === 'und' ? 'Unknown' : languageName(code)] as const, ...LANGUAGES]
