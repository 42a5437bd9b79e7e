import { expect, it } from 'vitest'
import { toLanguageTag, uniqueTrackNames } from './languages'

it('normalizes the language codes of containers to BCP 47 tags', () => {
  const codes = ['ger', 'deu', 'de', 'eng', 'pt-BR', 'und', '', undefined, 'not a language']
  expect(codes.map(toLanguageTag)).toEqual(['de', 'de', 'de', 'en', 'pt-BR', null, null, null, null])
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
