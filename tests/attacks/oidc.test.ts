import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
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

/** A browser: follows redirects between the app and the provider, with the cookies of each. */
function createBrowser() {
  const jars = new Map<string, Map<string, string>>()
  // Sign-ins are limited per address.
  const address = `203.0.113.${++lastAddress}`
  async function request(at: string, init: RequestInit = {}) {
    const { host, origin } = new URL(at)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      ...(init.headers as Record<string, string>),
      cookie,
      origin,
      'x-forwarded-for': address,
    }
    const response = await fetch(at, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (/max-age=0/i.test(line) || value === '') jar.delete(name!)
      else jar.set(name!, value!)
    }
    return response
  }
  return {
    request,
    /** Requests the sign-in and returns the URL of the provider. */
    async start(web: Web) {
      const body = JSON.stringify({ provider: 'oidc', callbackURL: '/', errorCallbackURL: '/sign-in' })
      const headers = { 'content-type': 'application/json' }
      const response = await request(`${web.url}/api/auth/sign-in/social`, { method: 'POST', headers, body })
      return ((await response.json()) as { url: string }).url
    },
    /** Follows redirects until a URL of `stopAt`, or a response that is none. Returns the last URL. */
    async follow(from: string, stopAt?: string) {
      for (let at = from; ;) {
        if (stopAt && at.startsWith(stopAt)) return at
        const response = await request(at)
        const location = response.headers.get('location')
        await response.body?.cancel()
        if (!location) return at
        at = new URL(location, at).href
      }
    },
  }
}

async function signIn(web: Web, browser = createBrowser()) {
  const url = await browser.follow(await browser.start(web))
  const session = await browser.request(`${web.url}/api/auth/get-session`)
  const { user } = ((await session.json()) ?? {}) as { user?: { id: string; email: string } }
  return { error: new URL(url).searchParams.get('error'), user }
}

/** The provider starts to answer after the app. */
const waitForDiscovery = (web: Web) =>
  vi.waitFor(async () => expect(await createBrowser().start(web)).toContain(provider.issuer), {
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
    const attacker = createBrowser()
    const callback = await attacker.follow(await attacker.start(open), `${open.url}/api/auth/callback`)
    // The victim's browser opens the attacker's callback URL, which would sign it in as the attacker.
    const victim = createBrowser()
    await victim.follow(callback)
    const session = await victim.request(`${open.url}/api/auth/get-session`)
    expect(await session.json()).toBeNull()
    const forged = new URL(callback)
    forged.searchParams.set('state', 'forged')
    await attacker.follow(forged.href)
    expect(await (await attacker.request(`${open.url}/api/auth/get-session`)).json()).toBeNull()
  })

  it('is refused with a code that was used before', async () => {
    const browser = createBrowser()
    const callback = await browser.follow(await browser.start(open), `${open.url}/api/auth/callback`)
    expect(new URL(await browser.follow(callback)).pathname).toBe('/')
    const again = createBrowser()
    await again.follow(callback)
    expect(await (await again.request(`${open.url}/api/auth/get-session`)).json()).toBeNull()
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
