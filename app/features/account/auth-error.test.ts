import { BASE_ERROR_CODES } from '@better-auth/core/error'
import { PASSKEY_ERROR_CODES } from '@better-auth/passkey'
import { TWO_FACTOR_ERROR_CODES } from 'better-auth/plugins/two-factor'
import { expect, it } from 'vitest'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { describeAuthError, messagesByCode } from './auth-error'

/** Codes of browsers, from @simplewebauthn/browser. */
const BROWSER_CODES = ['ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED', 'ERROR_CEREMONY_ABORTED']

it('describes only codes that better-auth has', () => {
  const codes = [BASE_ERROR_CODES, TWO_FACTOR_ERROR_CODES, PASSKEY_ERROR_CODES].flatMap(Object.keys)
  expect([...codes, ...BROWSER_CODES]).toEqual(expect.arrayContaining(Object.keys(messagesByCode)))
})

it('describes an error in the current language, or as the server does', () => {
  const wrongCode = { code: 'INVALID_CODE', message: 'Invalid code' }
  expect(describeAuthError(wrongCode)).toBe('Wrong code.')
  expect(runWithLocale('de', () => describeAuthError(wrongCode))).toBe('Falscher Code.')
  expect(describeAuthError({ code: 'SIGN_UP_CLOSED', message: 'Sign-up is closed.' })).toBe(
    'Sign-up is closed.',
  )
})
