import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let otherWeb: Web
let ada: TestUser

beforeAll(async () => {
  const start = () => startWeb({ databaseUrl: database.url })
  ;[web, otherWeb] = await Promise.all([start(), start()])
  ada = await web.createUser('ada@example.com')
})
afterAll(() => Promise.all([web.stop(), otherWeb.stop()]))
beforeEach(() => database.db.attemptLimit.deleteMany())

const from = (address: string, at = web) => createBrowser(at, { 'x-forwarded-for': address })

/** Guesses from a new address each time, as a botnet does, until the account answers 429. */
async function guessFromManyAddresses() {
  for (let n = 1; n <= 30; n++) {
    const browser = from(`198.51.100.${n}`, n % 2 ? web : otherWeb)
    const response = await browser.signIn({ email: ada.email, password: `guess-${n}` })
    if (response.status === 429) return { guesses: n - 1, response }
  }
  throw new Error('never limited')
}

/** Ends all delays, as time does. */
const endDelays = () =>
  database.db.attemptLimit.updateMany({ data: { blockedUntil: new Date(Date.now() - 1000) } })

describe('guessing the password of one account', () => {
  it('from many addresses and at two web processes is limited, with Retry-After', async () => {
    const { guesses, response } = await guessFromManyAddresses()
    expect(guesses).toBeLessThanOrEqual(6)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
    expect((await from('203.0.113.1').signIn(ada)).status).toBe(429)
  })

  it('gets slower with each guess, up to a quarter of an hour', async () => {
    await guessFromManyAddresses()
    const delays: number[] = []
    for (let n = 0; n < 14; n++) {
      await endDelays()
      const address = `203.0.113.${n}`
      await from(address).signIn({ email: ada.email, password: 'guess' })
      const { headers } = await from(address).signIn({ email: ada.email, password: 'guess' })
      delays.push(Number(headers.get('retry-after')))
    }
    expect(delays).toEqual(delays.toSorted((a, b) => a - b))
    expect(delays.at(-1)).toBeGreaterThan(14 * 60)
    expect(delays.at(-1)).toBeLessThanOrEqual(15 * 60)
  })

  it('does not lock its owner out of a browser that signed in before', async () => {
    const known = from('192.0.2.1')
    expect((await known.signIn(ada)).status).toBe(200)
    await known.post('sign-out')
    await guessFromManyAddresses()
    expect((await from('192.0.2.1').signIn(ada)).status).toBe(429)
    expect((await known.signIn(ada)).status).toBe(200)
  })

  it('ends with a password reset by mail', async () => {
    await guessFromManyAddresses()
    const browser = from('192.0.2.9')
    expect((await browser.post('request-password-reset', { email: ada.email })).status).toBe(200)
    const { data } = await database.db.mail.findFirstOrThrow({ where: { template: 'reset' } })
    const token = new URL((data as { href: string }).href).pathname.split('/').at(-1)
    const newPassword = 'another-horse-battery'
    expect((await browser.post('reset-password', { newPassword, token })).status).toBe(200)
    expect((await browser.signIn({ email: ada.email, password: newPassword })).status).toBe(200)
    ada.password = newPassword
  })

  it('is not possible with a forged device cookie', async () => {
    await guessFromManyAddresses()
    const browser = from('192.0.2.20')
    browser.cookies.set('better-auth.device', `${'a'.repeat(22)}.${crypto.randomUUID()}.forged`)
    expect((await browser.signIn(ada)).status).toBe(429)
  })
})

describe('guessing from one address', () => {
  it('is limited over all accounts, also between sign-ins to an own account', async () => {
    const eve = await web.createUser('eve@example.com')
    const statuses: number[] = []
    for (let n = 0; n < 40; n++) {
      const browser = from('203.0.113.200', n % 2 ? web : otherWeb)
      const { status } = await (n % 4 === 3
        ? browser.signIn(eve)
        : browser.signIn({ email: `user-${n}@example.com`, password: 'guess' }))
      statuses.push(status)
    }
    expect(statuses.slice(0, 20)).not.toContain(429)
    expect(statuses.slice(30)).toEqual(statuses.slice(30).map(() => 429))
  })

  it('is not limited for others', async () => {
    expect((await from('192.0.2.77').signIn(ada)).status).toBe(200)
  })
})
