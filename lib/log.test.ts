import { expect, it } from 'vitest'
import { AppError, PermanentError } from './errors'
import * as messages from './generated/messages/worker-errors'
import { runWithLocale } from './i18n/run-with-locale'
import { serializeError } from './log'

const inGerman = <Result>(work: () => Result) => runWithLocale('de', work)

it('logs errors for users in English, with their causes', () => {
  const error = inGerman(() => {
    const cause = new AppError({ code: 'a.cause', message: messages.programMissing({ program: 'tar' }) })
    return new PermanentError({ code: 'a.error', message: messages.crashed(), cause })
  })
  expect(error.message).toContain('schiefgegangen')
  const logged = inGerman(() => serializeError(error))
  expect(logged.message).toBe(`${messages.crashed()}: ${messages.programMissing({ program: 'tar' })}`)
  expect(logged.stack).toContain(`PermanentError: ${messages.crashed()}\n`)
  expect(logged.stack).toContain(`caused by: AppError: ${messages.programMissing({ program: 'tar' })}\n`)
  expect(JSON.stringify(logged)).not.toMatch(/schiefgegangen|fehlt/)
  expect(logged).toMatchObject({ type: 'PermanentError', code: 'a.error', status: 422 })
})
