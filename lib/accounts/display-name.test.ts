import { expect, it } from 'vitest'
import { nameFromEmail, sanitizeName } from './display-name'

it('keeps ordinary names', () => {
  for (const name of [
    'Ada Lovelace',
    'J.R.R. Tolkien',
    'Søren Ångström',
    "O'Neill-Smith",
    '王小明',
    '<b>Ada</b>',
  ])
    expect(sanitizeName(name)).toBe(name)
})

it('removes what mail clients turn into links, and line breaks', () => {
  expect(sanitizeName('Claim https://evil.example/win?a=b')).toBe('Claim evil example/win?a=b')
  expect(sanitizeName('www.evil.example')).toBe('evil example')
  expect(sanitizeName('mail eve@evil.example')).toBe('mail eve evil example')
  expect(sanitizeName('Ada\r\nBcc: eve')).toBe('Ada Bcc: eve')
  expect(sanitizeName('a'.repeat(500))).toHaveLength(60)
})

it('derives a name from an address', () => {
  expect(nameFromEmail('ada.lovelace+videos@example.com')).toBe('Ada lovelace videos')
})
