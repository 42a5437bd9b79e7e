import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const HOUR_MS = 60 * 60_000
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

/**
 * Guesses from a new address each time, as a botnet does, until the account answers 429. The delay then lasts, so that
 * requests on a busy computer do not outlast it.
 */
async function guessFromManyAddresses() {
  for (let n = 1; n <= 30; n++) {
    const browser = from(`198.51.100.${n}`, n % 2 ? web : otherWeb)
    const response = await browser.signIn({ email: ada.email, password: `guess-${n}` })
    if (response.status !== 429) continue
    const blockedUntil = new Date(Date.now() + HOUR_MS)
    const where = { key: { startsWith: 'sign-in/account/' } }
    await database.db.attemptLimit.updateMany({ where, data: { blockedUntil } })
    return { guesses: n - 1, response }
  }
  throw new Error('never limited')
}

/** Ends all delays, as time does. */
const endDelays = () =>
  database.db.attemptLimit.updateMany({ data: { blockedUntil: new Date(Date.now() - 1000) } })

/** The delay after the last guess: a counter is kept for a day after it. */
async function readDelayMs() {
  const { blockedUntil, expiresAt } = await database.db.attemptLimit.findFirstOrThrow({
    where: { key: { startsWith: 'sign-in/account/' } },
  })
  return blockedUntil.getTime() - expiresAt.getTime() + 24 * HOUR_MS
}

describe('guessing the password of one account', () => {
  it('from many addresses and at two web processes is limited, with Retry-After', async () => {
    const { guesses, response } = await guessFromManyAddresses()
    // 6 at once, and others only after delays of 1, 2, 4 … s.
    expect(guesses).toBeGreaterThanOrEqual(5)
    expect(guesses).toBeLessThan(12)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
    expect((await from('203.0.113.1').signIn(ada)).status).toBe(429)
  })

  it('gets slower with each guess, up to a quarter of an hour', async () => {
    await guessFromManyAddresses()
    const delays: number[] = []
    for (let n = 0; n < 14; n++) {
      await endDelays()
      await from(`203.0.113.${n}`).signIn({ email: ada.email, password: 'guess' })
      delays.push(await readDelayMs())
    }
    expect(delays).toEqual(delays.toSorted((a, b) => a - b))
    expect(delays[3]).toBeGreaterThan(delays[2]!)
    expect(delays.at(-1)).toBe(15 * 60_000)
    const { headers } = await from('203.0.113.99').signIn(ada)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(10 * 60)
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
    // Complete but for the signature.
    const email = createHash('sha256').update(ada.email).digest('base64url').slice(0, 22)
    browser.cookies.set('better-auth.device', `${email}.${randomUUID()}.${'a'.repeat(43)}`)
    expect((await browser.signIn(ada)).status).toBe(429)
  })
})

describe('guessing from one address', () => {
  it('is limited over all accounts, also between sign-ins to an own account', async () => {
    const eve = await web.createUser('eve@example.com')
    const guesses: number[] = []
    for (let n = 0; n < 40; n++) {
      // The simple limit of requests would hide that of guesses.
      await database.db.attemptLimit.deleteMany({ where: { key: { startsWith: 'rate/' } } })
      const browser = from('203.0.113.200', n % 2 ? web : otherWeb)
      if (n % 4 === 3) await browser.signIn(eve)
      else guesses.push((await browser.signIn({ email: `user-${n}@example.com`, password: 'guess' })).status)
    }
    expect(guesses.slice(0, 20)).toEqual(Array(20).fill(401))
    // Delays of 1, 2, 4 … s.
    expect(guesses.filter((status) => status !== 429).length).toBeLessThan(25)
    // Other addresses are not limited.
    expect((await from('192.0.2.77').signIn(ada)).status).toBe(200)
  })
})
