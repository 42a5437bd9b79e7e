import { expect, it } from 'vitest'
import * as progress from '../generated/messages/machine-progress'
import * as workerErrors from '../generated/messages/worker-errors'
import { toEnglish } from './format-source'
import { message } from './message'
import { findSource } from './message-source'
import { runWithLocale } from './run-with-locale'
import { formatStoredMessage, toStoredMessage } from './stored-message'

const inGerman = <Result>(work: () => Result) => runWithLocale('de', work)
/** As in a row: JSON. */
const store = (text: string) => JSON.parse(JSON.stringify(toStoredMessage(findSource(text)) ?? null))

it('formats a stored message in the language of its reader', () => {
  const text = inGerman(() => workerErrors.programTooLong({ program: 'tar', seconds: 20 }))
  const stored = store(text)
  expect(stored).toEqual({ id: 'worker-errors.programTooLong', values: { program: 'tar', seconds: 20 } })
  expect(formatStoredMessage(stored, text)).toBe(workerErrors.programTooLong({ program: 'tar', seconds: 20 }))
  expect(inGerman(() => formatStoredMessage(stored, text))).toBe(text)
})

it('formats a message in a message', () => {
  const text = inGerman(() => progress.stageAndStep({ stage: progress.running(), step: 'npm ci' }))
  expect(text).toBe('Läuft: npm ci')
  expect(formatStoredMessage(store(text), text)).toBe('Running: npm ci')
  expect(toEnglish(text)).toBe('Running: npm ci')
})

it('takes names that read like a message for names', () => {
  const german = inGerman(() =>
    workerErrors.programTooLong({ program: inGerman(() => progress.running()), seconds: 1 }),
  )
  expect(formatStoredMessage(store(german), german)).toContain('Läuft')
})

it('returns the stored text when its message is unknown, or has other values now', () => {
  expect(formatStoredMessage({ id: 'worker-errors.gone' }, 'Text.')).toBe('Text.')
  expect(formatStoredMessage({ id: 'worker-errors.programTooLong', values: {} }, 'Text.')).toBe('Text.')
  expect(formatStoredMessage(null, 'Text.')).toBe('Text.')
})

it.each([
  ['a message that is gone', { id: 'worker-errors.gone' }],
  ['no value', null],
  ['an object of no kind', {}],
  ['no date', { date: 'never' }],
])('returns the stored text when a value is %s', (_, reason) => {
  const stored = { id: 'worker-errors.programFailed', values: { program: 'tar', reason } }
  expect(formatStoredMessage(stored, 'Text.')).toBe('Text.')
})

it('stores no numbers and dates that JSON does not have', () => {
  for (const seconds of [NaN, Infinity])
    expect(store(workerErrors.programTooLong({ program: 'tar', seconds }))).toBeNull()
})

it('stores nothing for texts of other origin', () => {
  expect(store('Text.')).toBeNull()
  expect(store(message({ en: 'Not in the catalogue.', de: 'Nicht im Katalog.' })())).toBeNull()
})

it('stores no characters that Postgres refuses', () => {
  const text = workerErrors.programFailed({ program: 'tar', reason: 'a\0b \ud83d' })
  expect(store(text).values.reason).toBe('ab \ufffd')
})
