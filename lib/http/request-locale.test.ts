import { expect, it } from 'vitest'
import { findRequestLocale } from './request-locale'

it.each([
  [{}, 'en'],
  [{ 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' }, 'de'],
  [{ 'accept-language': 'fr, en;q=0.3, de;q=0.8' }, 'de'],
  [{ 'accept-language': 'fr' }, 'en'],
  [{ 'accept-language': '*' }, 'en'],
  [{ 'accept-language': ';;q=x,' }, 'en'],
  [{ 'accept-language': `${'x,'.repeat(5_000)}de` }, 'en'],
  [{ 'accept-language': 'en', cookie: 'a=b; locale=de' }, 'de'],
  [{ 'accept-language': 'de', cookie: 'locale=xx' }, 'de'],
  [{ 'accept-language': 'en', cookie: 'mylocale=de' }, 'en'],
])('finds the locale for %j', (headers, locale) => {
  expect(findRequestLocale({ headers })).toBe(locale)
})
