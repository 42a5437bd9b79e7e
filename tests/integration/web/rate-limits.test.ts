import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
/** Must equal the limit in lib/accounts/auth.ts. */
const MAX_SIGN_INS = 30
let behindProxy: Web
let withoutProxy: Web

beforeAll(async () => {
  behindProxy = await startWeb({ databaseUrl: database.url })
  withoutProxy = await startWeb({ databaseUrl: database.url, env: { TRUSTED_PROXIES: 'none' } })
})
afterAll(() => Promise.all([behindProxy.stop(), withoutProxy.stop()]))

/** Sign-ins that are sent at once; each of them takes half a second. */
const BATCH_SIZE = 10

/** Signs in more often than the limit, with `addressOf(n)` as X-Forwarded-For. Resolves to the highest status. */
async function signInRepeatedly(web: Web, addressOf: (n: number) => string) {
  const signIn = async (n: number) => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': addressOf(n) }
    const response = await fetch(`${web.url}/api/auth/sign-in/email`, { method: 'POST', headers, body: '{}' })
    await response.text()
    return response.status
  }
  const statuses: number[] = []
  while (statuses.length <= MAX_SIGN_INS) {
    const batch = Array.from({ length: BATCH_SIZE }, (_, index) => signIn(statuses.length + index))
    statuses.push(...(await Promise.all(batch)))
  }
  return Math.max(...statuses)
}

it('ignores X-Forwarded-For from a client that is not a trusted proxy', async () => {
  expect(await signInRepeatedly(withoutProxy, (n) => `203.0.113.${n}`)).toBe(429)
})

it('limits clients behind a trusted proxy separately, by the address that the proxy added', async () => {
  expect(await signInRepeatedly(behindProxy, (n) => `203.0.113.${n}`)).toBe(400)
  expect(await signInRepeatedly(behindProxy, (n) => `203.0.113.${n}, 198.51.100.7`)).toBe(429)
  expect(await signInRepeatedly(behindProxy, (n) => `198.51.100.7, 2001:db8:${n}::1`)).toBe(400)
})
