import { expect, it } from 'vitest'
import { generatePassphrase } from './generate-passphrase'

it('generates another passphrase of six groups every time', () => {
  const passphrases = Array.from({ length: 100 }, generatePassphrase)
  for (const passphrase of passphrases)
    expect(passphrase).toMatch(/^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){5}$/)
  expect(new Set(passphrases).size).toBe(100)
})
