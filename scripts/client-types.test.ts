import { expect, it } from 'vitest'
import { isClientUpToDate } from './client-types'

it('client/operations.ts has the types of the current API', async () => {
  expect(await isClientUpToDate(), 'run npm run client:types').toBe(true)
})
