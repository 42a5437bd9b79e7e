import { defaultKeyHasher } from '@better-auth/api-key'
import { expect, it } from 'vitest'
import { hashApiKey } from './hash-token'

it('hashes API keys as better-auth does', async () => {
  expect(hashApiKey('mw_QqJ3kT')).toBe(await defaultKeyHasher('mw_QqJ3kT'))
})
