import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { languageName, toLanguageTag, uniqueTrackNames } from './languages'

it('normalizes the language codes of containers to BCP 47 tags', () => {
  const codes = ['ger', 'deu', 'de', 'eng', 'pt-BR', 'und', '', undefined, 'not a language']
  expect(codes.map(toLanguageTag)).toEqual(['de', 'de', 'de', 'en', 'pt-BR', null, null, null, null])
})

it('names languages in the current locale', () => {
  const names = () => ['de', 'fr'].map(languageName)
  expect(names()).toEqual(['German', 'French'])
  expect(runWithLocale('de', names)).toEqual(['Deutsch', 'Französisch'])
})

it('assigns every track a unique name', () => {
  const track = (language: string | null, label: string | null = null) => ({ language, label })
  expect(uniqueTrackNames([track('en'), track('en'), track('de', 'Kommentar'), track(null)])).toEqual([
    'English',
    'English (2)',
    'Kommentar',
    'Track 4',
  ])
  const typed = [track('en', 'Notes'), track('en', 'Notes'), track('en', 'Notes (2)')]
  expect(new Set(uniqueTrackNames(typed)).size).toBe(3)
})
