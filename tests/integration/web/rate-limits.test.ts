import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
/** Per minute; must equal the limits in lib/accounts/auth.ts. */
const LIMITS = {
  'sign-in/email': 30,
  'sign-up/email': 20,
  'request-password-reset': 10,
  'send-verification-email': 10,
}
type Endpoint = keyof typeof LIMITS
let behindProxy: Web
let withoutProxy: Web

beforeAll(async () => {
  behindProxy = await startWeb({ databaseUrl: database.url })
  withoutProxy = await startWeb({ databaseUrl: database.url, env: { TRUSTED_PROXIES: 'none' } })
  // Sign-ups before the first account have a limit of their own.
  await behindProxy.createUser('ada@example.com')
})
afterAll(() => Promise.all([behindProxy.stop(), withoutProxy.stop()]))

/** Requests beyond the limit. */
const EXCESS = 3

/**
 * Sends more requests at once than the limit allows, with `addressOf(n)` as X-Forwarded-For. Resolves to the number of
 * those that were not refused.
 */
async function countAccepted(web: Web, endpoint: Endpoint, addressOf: (n: number) => string) {
  const send = async (n: number) => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': addressOf(n) }
    const response = await fetch(`${web.url}/api/auth/${endpoint}`, { method: 'POST', headers, body: '{}' })
    await response.text()
    expect([400, 403, 429]).toContain(response.status)
    return response.status
  }
  const statuses = await Promise.all(Array.from({ length: LIMITS[endpoint] + EXCESS }, (_, n) => send(n)))
  return statuses.filter((status) => status !== 429).length
}

it.each(Object.entries(LIMITS))(
  'limits %s to %i requests per minute and address',
  async (endpoint, limit) => {
    expect(await countAccepted(behindProxy, endpoint as Endpoint, () => '192.0.2.1')).toBe(limit)
  },
)

it('ignores X-Forwarded-For from a client that is not a trusted proxy', async () => {
  const limit = LIMITS['sign-in/email']
  expect(await countAccepted(withoutProxy, 'sign-in/email', (n) => `203.0.113.${n}`)).toBe(limit)
})

it('limits clients behind a trusted proxy separately, by the address that the proxy added', async () => {
  const limit = LIMITS['sign-in/email']
  const count = (addressOf: (n: number) => string) => countAccepted(behindProxy, 'sign-in/email', addressOf)
  expect(await count((n) => `203.0.113.${n}`)).toBe(limit + EXCESS)
  expect(await count((n) => `203.0.113.${n}, 198.51.100.7`)).toBe(limit)
  expect(await count((n) => `198.51.100.7, 2001:db8:${n}::1`)).toBe(limit + EXCESS)
})
