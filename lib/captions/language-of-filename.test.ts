import { expect, it } from 'vitest'
import { languageOfFilename } from './language-of-filename'

it.each([
  ['film.de.srt', 'de'],
  ['film.ger.forced.srt', 'de'],
  ['film.EN.srt', 'en'],
  ['film.pt_BR.srt', 'pt-BR'],
  ['film.zh_cn.srt', 'zh-CN'],
  ['film.zh-Hant-TW.vtt', 'zh-Hant-TW'],
  ['film.fil.srt', 'fil'],
  ['film.hi.srt', 'hi'],
  ['film.srt', null],
  ['film.sdh.srt', null],
  ['The.Great.War.srt', null],
  ['the.great.war.srt', null],
  ['Meeting.min.srt', null],
  ['Dr.No.srt', null],
  ['film.xx.srt', null],
])('%s is in the language %s', (filename, language) => {
  expect(languageOfFilename(filename, 'film.mp4')).toBe(language)
})

it('does not take the end of the title for a language', () => {
  expect(languageOfFilename('dr.no.srt', 'dr.no.mp4')).toBeNull()
  expect(languageOfFilename('dr.no.en.srt', 'dr.no.mp4')).toBe('en')
})
