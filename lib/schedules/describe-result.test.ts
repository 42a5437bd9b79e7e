import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { describeScheduleResult } from './describe-result'

it('describes what a run did in the current language', () => {
  const uploads = { what: 'uploads', count: 3 } as const
  expect(describeScheduleResult(uploads)).toBe('Removed 3 uploads')
  expect(runWithLocale('de', () => describeScheduleResult(uploads))).toBe('3 Uploads entfernt')
  expect(runWithLocale('de', () => describeScheduleResult({ what: 'orphans', count: 1 }))).toBe(
    '1 verwaisten Ordner gefunden; der nächste Lauf löscht ihn',
  )
  expect(describeScheduleResult({ what: 'minutes', count: 0 })).toBe('Nothing to do')
})
