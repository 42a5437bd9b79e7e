import { expect, it, vi } from 'vitest'
import { confirmIdentity, registerIdentityCheck } from './identity-check'

it('asks once for concurrent requests, gives all of them the answer, and asks again later', async () => {
  const answers: ((isConfirmed: boolean) => void)[] = []
  const ask = vi.fn(() => new Promise<boolean>((resolve) => answers.push(resolve)))
  const unregister = registerIdentityCheck(ask)
  const results = Promise.all([confirmIdentity(), confirmIdentity()])
  expect(ask).toHaveBeenCalledTimes(1)
  answers[0]!(true)
  expect(await results).toEqual([true, true])

  const later = confirmIdentity()
  expect(ask).toHaveBeenCalledTimes(2)
  answers[1]!(false)
  expect(await later).toBe(false)
  unregister()
  expect(await confirmIdentity()).toBe(false)
})
