import { expect, it } from 'vitest'
import { toLanguageTag, uniqueTrackNames } from './languages'

it('tells languages by their BCP 47 tag, whatever the container calls them', () => {
  const said = ['ger', 'deu', 'de', 'eng', 'pt-BR', 'und', '', undefined, 'not a language']
  expect(said.map(toLanguageTag)).toEqual(['de', 'de', 'de', 'en', 'pt-BR', null, null, null, null])
})

it('gives no two tracks the same name', () => {
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
