import { expect, it } from 'vitest'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { generateSpeakerName, isGeneratedSpeaker } from './generated-name'

it('recognizes generated names in all languages', () => {
  const german = runWithLocale('de', () => generateSpeakerName(12))
  expect(german).toBe('Sprecher 12')
  expect([german, generateSpeakerName(1), 'Speaker Ada', 'Ada'].map(isGeneratedSpeaker)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
