import { expect, it } from 'vitest'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import { AppError, PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/worker-errors'
import type { Locale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { toTaskError, toAttemptError } from './task-error'

it('contains no character that Postgres cannot store, even where output was truncated', () => {
  const error = new Error(`${'x'.repeat(7_999)}😀 \0`)
  expect(toAttemptError(error).detail.at(-1)).toBe('\ufffd')
  const refused = new AppError({ code: 'media.bad', message: 'a\0b \ud83d', status: 422 })
  expect(toTaskError(refused).message).toBe('ab \ufffd')
})

it('is in the language of each user who waits for what failed', async () => {
  const flights = new SingleFlight()
  const wait = (locale: Locale) =>
    runWithLocale(locale, () =>
      flights.run('tool', fail, { signal: new AbortController().signal }).catch(toTaskError),
    )
  const fail = async () => {
    const reason = new AppError({ code: 'a.b', message: messages.programMissing({ program: 'tar' }) })
    const message = messages.programFailed({ program: 'make', reason: reason.message })
    throw new PermanentError({ code: 'a.c', message, advice: messages.crashedAdvice(), cause: reason })
  }
  const [german, english] = await Promise.all([wait('de'), wait('en')])
  expect([german, english]).toMatchObject([
    {
      message: expect.stringMatching(/^make ist fehlgeschlagen: Das Programm tar ist/),
      advice: expect.stringMatching(/^Versuchen Sie es erneut\./),
    },
    {
      message: expect.stringMatching(/^make failed: The program tar is not/),
      advice: expect.stringMatching(/^Retry\./),
    },
  ])
})
