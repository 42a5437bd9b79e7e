import { expect, it, vi } from 'vitest'
import { issueHostToken, isValidHostToken } from './host-token'

vi.stubEnv('AUTH_SECRET', 'a secret that two computers share')

it('accepts a host token for its purpose only, for a minute plus clock skew', () => {
  const now = Date.now()
  const token = issueHostToken('/ports', now)
  expect(isValidHostToken({ token, purpose: '/ports', now })).toBe(true)
  expect(isValidHostToken({ token, purpose: '/ports', now: now - 59_000 })).toBe(true)
  expect(isValidHostToken({ token, purpose: '/ports', now: now + 119_000 })).toBe(true)
  expect(isValidHostToken({ token, purpose: '/ports', now: now + 121_000 })).toBe(false)
  expect(isValidHostToken({ token, purpose: '/machines/1/ports/80', now })).toBe(false)
})

it.each(['', '.', 'x.y', `${Date.now() + 1_000}.${'0'.repeat(64)}`, `Infinity.${'0'.repeat(64)}`])(
  'rejects the malformed token %j',
  (token) => expect(isValidHostToken({ token, purpose: '/ports' })).toBe(false),
)
