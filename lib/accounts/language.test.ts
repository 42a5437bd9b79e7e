import { expect, it } from 'vitest'
import { namesLanguage } from './language'

it.each([
  [undefined, false],
  ['', false],
  // What `fetch` of Node.js sends.
  ['*', false],
  ['de', true],
  ['de-AT, en;q=0.5, *;q=0.1', true],
])('a request with Accept-Language %j names a language: %j', (value, expected) => {
  expect(namesLanguage(new Headers(value === undefined ? {} : { 'accept-language': value }))).toBe(expected)
})
