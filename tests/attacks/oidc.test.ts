import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { type Browser, createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { OIDC_CLIENT, startOidcProvider } from '@/tests/support/oidc-provider'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let provider: Awaited<ReturnType<typeof startOidcProvider>>
let open: Web
let closed: Web
let ada: TestUser

const oidcEnv = () => ({
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: OIDC_CLIENT.id,
  OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
  OIDC_NAME: 'Example Corp',
  OIDC_ADMIN_GROUP: 'operators',
})

beforeAll(async () => {
  provider = await startOidcProvider()
  open = await startWeb({ databaseUrl: database.url, env: { ...oidcEnv(), OIDC_SIGN_UP: 'open' } })
  closed = await startWeb({ databaseUrl: database.url, env: oidcEnv() })
  provider.open([open, closed].map(({ url }) => `${url}/api/auth/callback/oidc`))
  ada = await open.createUser('ada@example.com')
  await open.createUser('root@example.com', { isAdmin: true })
  await waitForDiscovery(open)
  await waitForDiscovery(closed)
})
afterAll(async () => {
  await closed.stop()
  await open.stop()
  await provider.stop()
})

let lastAddress = 0

// Sign-ins are limited per address.
const visit = (web: Web) => createBrowser(web, { 'x-forwarded-for': `203.0.113.${++lastAddress}` })

/** Requests the sign-in and returns the URL of the provider. */
async function startSignIn(browser: Browser) {
  const body = { provider: 'oidc', callbackURL: '/', errorCallbackURL: '/sign-in' }
  const response = await browser.post('sign-in/social', body)
  return ((await response.json()) as { url: string }).url
}

/** Follows redirects until a URL of `stopAt`, or a response that is none. Returns the last URL. */
async function follow(browser: Browser, from: string, stopAt?: string) {
  for (let at = from; ;) {
    if (stopAt && at.startsWith(stopAt)) return at
    const response = await browser.fetch(at)
    const location = response.headers.get('location')
    await response.body?.cancel()
    if (!location) return at
    at = new URL(location, at).href
  }
}

async function readSession(browser: Browser) {
  const response = await browser.fetch('/api/auth/get-session')
  return (await response.json()) as { user: { id: string; email: string } } | null
}

async function signIn(web: Web, browser = visit(web)) {
  const url = await follow(browser, await startSignIn(browser))
  return { error: new URL(url).searchParams.get('error'), user: (await readSession(browser))?.user }
}

/** The provider starts to answer after the app. */
const waitForDiscovery = (web: Web) =>
  vi.waitFor(async () => expect(await startSignIn(visit(web))).toContain(provider.issuer), {
    timeout: 40_000,
    interval: 200,
  })

describe('single sign-on', () => {
  it('creates an account for a verified address, and signs the same one in again', async () => {
    provider.use('sub-1', { email: 'New@example.com', email_verified: true, name: 'New User' })
    const { error, user } = await signIn(open)
    expect([error, user?.email]).toEqual([null, 'new@example.com'])
    expect(await database.db.user.findUnique({ where: { id: user!.id } })).toMatchObject({
      name: 'New User',
      role: 'member',
      emailVerified: true,
    })
    // The address may change at the provider; the subject identifies the user.
    provider.use('sub-1', { email: 'renamed@example.com', email_verified: true, name: 'New User' })
    expect((await signIn(open)).user?.id).toBe(user!.id)
    const entries = await database.db.auditEntry.findMany({ where: { actorId: user!.id } })
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['account.signed_in']))
  })

  it('creates no account for an unverified address', async () => {
    provider.use('sub-2', { email: 'victim@example.com', email_verified: false, name: 'Mallory' })
    expect(await signIn(open)).toEqual({ error: 'email_not_verified', user: undefined })
    expect(await database.db.user.count({ where: { email: 'victim@example.com' } })).toBe(0)
  })

  it('is linked to an existing account only by an address verified on both sides', async () => {
    provider.use('sub-3', { email: ada.email, email_verified: false, name: 'Mallory' })
    expect(await signIn(open)).toEqual({ error: 'account_not_linked', user: undefined })
    await database.db.user.update({ where: { email: ada.email }, data: { emailVerified: false } })
    provider.use('sub-3', { email: ada.email, email_verified: true, name: 'Ada' })
    expect(await signIn(open)).toEqual({ error: 'account_not_linked', user: undefined })
    await database.db.user.update({ where: { email: ada.email }, data: { emailVerified: true } })
    expect((await signIn(open)).user?.email).toBe(ada.email)
    // Another account of the provider with the same address does not become Ada either.
    expect(await database.db.account.count({ where: { providerId: 'oidc', accountId: 'sub-3' } })).toBe(1)
  })

  it('is refused with a state that this browser has not requested', async () => {
    provider.use('sub-1', { email: 'new@example.com', email_verified: true, name: 'New User' })
    const attacker = visit(open)
    const callback = await follow(attacker, await startSignIn(attacker), `${open.url}/api/auth/callback`)
    // The victim's browser opens the attacker's callback URL, which would sign it in as the attacker.
    const victim = visit(open)
    await follow(victim, callback)
    expect(await readSession(victim)).toBeNull()
    const forged = new URL(callback)
    forged.searchParams.set('state', 'forged')
    await follow(attacker, forged.href)
    expect(await readSession(attacker)).toBeNull()
  })

  it('is refused with a code that was used before', async () => {
    const browser = visit(open)
    const callback = await follow(browser, await startSignIn(browser), `${open.url}/api/auth/callback`)
    expect(new URL(await follow(browser, callback)).pathname).toBe('/')
    const again = visit(open)
    await follow(again, callback)
    expect(await readSession(again)).toBeNull()
  })

  it('makes members of the group administrators, and others members, but never removes the last one', async () => {
    const account = { email: 'operator@example.com', email_verified: true, name: 'Operator' }
    provider.use('sub-4', { ...account, groups: ['operators'] })
    const { user } = await signIn(open)
    const readRole = async () => (await database.db.user.findUniqueOrThrow({ where: { id: user!.id } })).role
    expect(await readRole()).toBe('admin')
    provider.use('sub-4', { ...account, groups: [] })
    await signIn(open)
    expect(await readRole()).toBe('member')
    provider.use('sub-4', { ...account, groups: ['operators'] })
    await signIn(open)
    await database.db.user.updateMany({ where: { id: { not: user!.id } }, data: { role: 'member' } })
    provider.use('sub-4', { ...account, groups: [] })
    await signIn(open)
    expect(await readRole()).toBe('admin')
  })

  it('is refused to a disabled user', async () => {
    provider.use('sub-1', { email: 'new@example.com', email_verified: true, name: 'New User' })
    await database.db.user.update({ where: { email: 'new@example.com' }, data: { disabledAt: new Date() } })
    expect(await signIn(open)).toEqual({ error: 'ACCOUNT_DISABLED', user: undefined })
  })

  it('creates no account while sign-up is closed, and none before the administrator exists', async () => {
    provider.use('sub-5', { email: 'late@example.com', email_verified: true, name: 'Late' })
    expect(await signIn(closed)).toEqual({ error: 'signup_disabled', user: undefined })
    await database.db.user.deleteMany()
    // The sign-in page redirects to the setup.
    expect((await signIn(open)).user).toBeUndefined()
    expect(await database.db.user.count()).toBe(0)
  })
})
