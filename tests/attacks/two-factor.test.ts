// Over 200 lines because the steps of enrolment and sign-in build on each other with one app.

import { randomUUID } from 'node:crypto'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import { type Browser, createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { computeTotp } from '@/tests/support/totp'
import { readProblem } from '@/tests/support/read-problem'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let strictWeb: Web

beforeAll(async () => {
  const start = (env: Record<string, string>) => startWeb({ databaseUrl: database.url, env })
  ;[web, strictWeb] = await Promise.all([start({}), start({ REQUIRE_TWO_FACTOR: 'admins' })])
})
afterAll(() => Promise.all([web.stop(), strictWeb.stop()]))
beforeEach(() => database.db.attemptLimit.deleteMany())

let lastAddress = 0
const visit = (at = web) => createBrowser(at, { 'x-forwarded-for': `192.0.2.${++lastAddress}` })
const createUser = (options = {}) => web.createUser(`${randomUUID()}@example.com`, options)
type User = Awaited<ReturnType<typeof createUser>>

async function signIn(user: User, at = web) {
  const browser = visit(at)
  expect((await browser.signIn(user)).status).toBe(200)
  return browser
}

/** Turns on codes of an authenticator app. */
async function setUpTotp(browser: Browser, { password }: User) {
  const response = await browser.post('two-factor/enable', { password })
  const { totpURI, backupCodes } = (await response.json()) as { totpURI: string; backupCodes: string[] }
  expect((await browser.post('two-factor/verify-totp', { code: computeTotp(totpURI) })).status).toBe(200)
  return { totpURI, backupCodes }
}

const wrongCode = (uri: string) => String((Number(computeTotp(uri)) + 1) % 1_000_000).padStart(6, '0')

/** Lets the last confirmation of all sessions expire, as ten minutes do. */
const expireConfirmations = () =>
  database.db.session.updateMany({ data: { reauthenticatedAt: new Date(Date.now() - 11 * 60_000) } })

const postJson = (browser: Browser, at: string, body: object, method = 'POST') =>
  browser.fetch(at, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe('a stolen password', () => {
  it('does not open an account with a second factor, nor does guessing its codes', async () => {
    const user = await createUser()
    const { totpURI } = await setUpTotp(await signIn(user), user)
    const thief = visit()
    const answer = await thief.signIn(user)
    expect(await answer.json()).toMatchObject({ twoFactorRedirect: true })
    expect(await thief.isSignedIn()).toBe(false)
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) {
      // A new challenge each time, from a new address.
      const guesser = visit()
      await guesser.signIn(user)
      statuses.push((await guesser.post('two-factor/verify-totp', { code: wrongCode(totpURI) })).status)
    }
    expect(statuses.at(-1)).toBe(429)
    expect(await thief.isSignedIn()).toBe(false)
  })

  it('opens it with the code, once with each recovery code, and the user is notified', async () => {
    const user = await createUser()
    const { totpURI, backupCodes } = await setUpTotp(await signIn(user), user)
    const owner = visit()
    await owner.signIn(user)
    expect((await owner.post('two-factor/verify-totp', { code: computeTotp(totpURI) })).status).toBe(200)
    expect(await owner.isSignedIn()).toBe(true)
    const statuses: number[] = []
    for (let n = 0; n < 2; n++) {
      const browser = visit()
      await browser.signIn(user)
      statuses.push((await browser.post('two-factor/verify-backup-code', { code: backupCodes[0]! })).status)
    }
    expect(statuses).toEqual([200, 401])
    const mails = await database.db.mail.findMany({ where: { recipient: user.email } })
    expect(mails.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['New sign-in to your account', 'Two-factor authentication is on']),
    )
    const stored = await database.db.twoFactor.findFirstOrThrow({ where: { user: { email: user.email } } })
    const secret = new URL(totpURI).searchParams.get('secret')!
    expect(JSON.stringify(stored)).not.toContain(secret)
    expect(JSON.stringify(stored)).not.toContain(backupCodes[1])
  })
})

describe('a stolen session', () => {
  const keyBody = { name: 'stolen', scopes: ['all'], expiresInDays: null }

  it('creates no key or webhook, and changes no address, without the password', async () => {
    const user = await createUser()
    const thief = await signIn(user)
    await expireConfirmations()
    for (const [at, body] of [
      ['/api/v1/keys', keyBody],
      ['/api/v1/webhooks', { url: 'https://example.com/x' }],
    ] as const) {
      const refused = await postJson(thief, at, body)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ code: 'account.reauthentication_required' })
    }
    expect((await thief.post('change-email', { newEmail: 'thief@example.com' })).status).toBe(403)
    expect((await thief.fetch('/api/auth/passkey/generate-register-options')).status).toBe(403)
    expect((await thief.post('reauthenticate', { password: 'guess' })).status).toBe(400)
    expect((await postJson(thief, '/api/v1/keys', keyBody)).status).toBe(403)
    expect((await thief.post('reauthenticate', { password: user.password })).status).toBe(200)
    expect((await postJson(thief, '/api/v1/keys', keyBody)).status).toBe(201)
  })

  it('guesses the password only with growing delays', async () => {
    const thief = await signIn(await createUser())
    const statuses: number[] = []
    for (let n = 0; n < 10; n++)
      statuses.push((await thief.post('reauthenticate', { password: `guess-${n}` })).status)
    expect(statuses).toContain(429)
  })

  it('changes nothing of the server without the password; API keys are not asked', async () => {
    const admin = await createUser({ isAdmin: true })
    const thief = await signIn(admin)
    await expireConfirmations()
    const pause = await postJson(thief, '/api/v1/admin/queues/pause', { queue: 'video.transcode' })
    expect(await readProblem(pause)).toMatchObject({ status: 403, code: 'account.reauthentication_required' })
    const asKey = await admin.fetch('/api/v1/keys', { method: 'POST', body: JSON.stringify(keyBody) })
    expect(asKey.status).toBe(201)
  })

  it('learns no token of other sessions and ends none of other users', async () => {
    const user = await createUser()
    const other = await createUser()
    await signIn(other)
    const browser = await signIn(user)
    const { id, token } = await database.db.session.findFirstOrThrow({
      where: { user: { email: other.email } },
    })
    expect((await browser.post('end-session', { id })).status).toBe(404)
    const page = await (await browser.fetch('/account/security')).text()
    for (const row of await database.db.session.findMany()) expect(page).not.toContain(row.token)
    expect(await database.db.session.count({ where: { token } })).toBe(1)
  })
})

describe('an administrator without a second factor, where it is required', () => {
  it('reaches only the page that sets it up', async () => {
    const admin = await createUser({ isAdmin: true })
    const browser = await signIn(admin, strictWeb)
    for (const at of ['/', '/admin', '/admin/audit', '/account'])
      expect((await browser.fetch(at)).headers.get('location')).toContain('/account/security')
    expect((await browser.fetch('/account/security')).status).toBe(200)
    for (const at of ['/api/v1/tasks', '/api/v1/admin/audit', '/api/v1/keys', '/api/v1/events']) {
      const refused = await browser.fetch(at)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ code: 'account.two_factor_required' })
    }
    const socket = io(strictWeb.url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie: browser.cookieHeader(), origin: strictWeb.url },
    })
    const outcome = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('connect_error', ({ message }) => resolve(message))
    })
    expect(outcome).toBe('sign_in_required')
    socket.close()
    await setUpTotp(browser, admin)
    expect((await browser.fetch('/api/v1/tasks')).status).toBe(200)
    expect((await browser.fetch('/admin')).status).toBe(200)
  })

  it('is not demanded of other users', async () => {
    expect(await (await signIn(await createUser(), strictWeb)).isSignedIn()).toBe(true)
  })
})

describe('a change of the email address', () => {
  it('needs the link in the mail to the new address, and the old one is notified', async () => {
    const user = await createUser()
    const browser = await signIn(user)
    const newEmail = `${randomUUID()}@example.com`
    expect((await browser.post('change-email', { newEmail, callbackURL: '/account' })).status).toBe(200)
    const { data } = await database.db.mail.findFirstOrThrow({ where: { recipient: newEmail } })
    const { href } = data as { href: string }
    const isChanged = () => database.db.user.count({ where: { email: newEmail } })
    // A recipient of a mistyped address is not signed in.
    const recipient = visit()
    expect((await recipient.fetch(href)).headers.get('location')).toContain('/sign-in')
    expect(await recipient.isSignedIn()).toBe(false)
    expect(await isChanged()).toBe(0)
    await browser.fetch(href)
    expect(await isChanged()).toBe(1)
    const notice = await database.db.mail.findFirstOrThrow({ where: { recipient: user.email } })
    expect(notice.subject).toBe('Your email address was changed')
  })
})
