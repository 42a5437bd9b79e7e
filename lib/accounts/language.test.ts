import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { findBrowserLocale } from './language'
import { assignRole, newAccountRole } from './sign-up-policy'

const toHeaders = (value: string | undefined) =>
  new Headers(value === undefined ? {} : { 'accept-language': value })

it.each([
  [undefined, undefined],
  ['', undefined],
  // What `fetch` of Node.js sends.
  ['*', undefined],
  ['de', 'de'],
  ['de-AT, en;q=0.5, *;q=0.1', 'de'],
])('finds the language of a browser in Accept-Language %j: %j', (value, expected) => {
  expect(runWithLocale('de', () => findBrowserLocale(toHeaders(value)))).toBe(expected)
})

it('creates accounts in the language of the browser, before they are verified', async () => {
  const create = (language?: string) =>
    runWithLocale('de', () =>
      newAccountRole().run('member', () => assignRole({ name: 'Ada' }, { headers: toHeaders(language) })),
    )
  expect((await create('de')).data).toMatchObject({ name: 'Ada', locale: 'de' })
  expect((await create()).data).not.toHaveProperty('locale')
})
