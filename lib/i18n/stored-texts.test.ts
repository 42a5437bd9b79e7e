import { expect, it } from 'vitest'
import { message } from './message'
import { runWithLocale } from './run-with-locale'
import { createStoredTextTranslator } from './stored-texts'

const translate = createStoredTextTranslator({
  plain: [message({ en: 'The server was shut down.', de: 'Der Server wurde heruntergefahren.' })],
  withValue: [
    message<{ value: string }>({
      en: ['Kernel panic: ', ['value'], '.'],
      de: ['Absturz des Kernels: ', ['value'], '.'],
    }),
  ],
})
const inGerman = (text: string) => runWithLocale('de', () => translate(text))

it('translates known texts', () => {
  expect(inGerman('The server was shut down.')).toBe('Der Server wurde heruntergefahren.')
  expect(translate('The server was shut down.')).toBe('The server was shut down.')
})

it('translates what surrounds a value', () => {
  expect(inGerman('Kernel panic: no init.')).toBe('Absturz des Kernels: no init.')
})

it('returns other texts unchanged', () => {
  expect(inGerman('Kernel panic.')).toBe('Kernel panic.')
  expect(inGerman('Kernel')).toBe('Kernel')
})
