import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
/** As in lib/accounts/auth.ts. */
const MAX_SIGN_INS = 30
let behindProxy: Web
let withoutProxy: Web

beforeAll(async () => {
  behindProxy = await startWeb({ databaseUrl: database.url })
  withoutProxy = await startWeb({ databaseUrl: database.url, env: { TRUSTED_PROXIES: 'none' } })
})
afterAll(() => Promise.all([behindProxy.stop(), withoutProxy.stop()]))

/** Tries once more than may be tried, as if from `addressOf(n)`, and tells what the last was answered. */
async function signInRepeatedly(web: Web, addressOf: (n: number) => string) {
  let status = 0
  for (let n = 0; n <= MAX_SIGN_INS; n++) {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': addressOf(n) }
    const answer = await fetch(`${web.url}/api/auth/sign-in/email`, { method: 'POST', headers, body: '{}' })
    await answer.text()
    status = answer.status
  }
  return status
}

it('a limit is not walked round by saying that one comes from elsewhere', async () => {
  expect(await signInRepeatedly(withoutProxy, (n) => `203.0.113.${n}`)).toBe(429)
})

it('counts who comes through a trusted proxy each for himself, by what the proxy wrote', async () => {
  expect(await signInRepeatedly(behindProxy, (n) => `203.0.113.${n}`)).toBe(400)
  expect(await signInRepeatedly(behindProxy, (n) => `203.0.113.${n}, 198.51.100.7`)).toBe(429)
  expect(await signInRepeatedly(behindProxy, (n) => `198.51.100.7, 2001:db8:${n}::1`)).toBe(400)
})
