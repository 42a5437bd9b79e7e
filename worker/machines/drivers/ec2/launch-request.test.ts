import { expect, it } from 'vitest'
import { toClientToken } from './launch-request'

it('makes a token for each launch of a machine that EC2 admits', () => {
  const [first, again, next] = ['0', '0', '1'].map((launch) =>
    toClientToken('installation', 'machine', launch),
  )
  expect(first).toMatch(/^[\x21-\x7e]{1,64}$/)
  expect(again).toBe(first)
  expect(next).not.toBe(first)
})
