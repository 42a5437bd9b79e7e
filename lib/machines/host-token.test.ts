import { expect, it, vi } from 'vitest'
import { issueHostToken, isValidHostToken } from './host-token'

vi.stubEnv('AUTH_SECRET', 'a secret that two computers share')

it('is good for what it was given for, for a minute and what clocks differ', () => {
  const now = Date.now()
  const token = issueHostToken('/ports', now)
  expect(isValidHostToken(token, '/ports', now)).toBe(true)
  expect(isValidHostToken(token, '/ports', now - 59_000)).toBe(true)
  expect(isValidHostToken(token, '/ports', now + 119_000)).toBe(true)
  expect(isValidHostToken(token, '/ports', now + 121_000)).toBe(false)
  expect(isValidHostToken(token, '/machines/1/ports/80', now)).toBe(false)
})

it.each(['', '.', 'x.y', `${Date.now() + 1_000}.${'0'.repeat(64)}`, `Infinity.${'0'.repeat(64)}`])(
  'refuses %j',
  (token) => expect(isValidHostToken(token, '/ports')).toBe(false),
)
