import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { TestUser } from '@/tests/support/accounts'
import { createRunningMachine } from '@/tests/support/api-machines'
import { type Browser, createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { openEventStream } from '@/tests/support/event-stream'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

/** What the issue demands of everything that is open when a session ends. */
const LIMIT_MS = 10_000

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let ada: TestUser
let machineId: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  worker = await startWorker(web)
  ada = await web.createUser('ada@example.com')
  machineId = (await createRunningMachine(ada, 'box')).id
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

let lastAddress = 0
async function signIn() {
  const browser = createBrowser(web, { 'x-forwarded-for': `192.0.2.${++lastAddress}` })
  expect((await browser.signIn(ada)).status).toBe(200)
  return browser
}

/** Opens everything that outlives a request, with the given credentials. */
async function openEverything(headers: Record<string, string>) {
  const socket = await connect('', headers, {})
  const { token } = (await (
    await fetch(`${web.url}/api/v1/machines/${machineId}/console`, { method: 'POST', headers })
  ).json()) as { token: string }
  const terminal = await connect(CONSOLE_NAMESPACE, headers, { token })
  const sockets = { socket, console: terminal }
  const stream = await openEventStream(`${web.url}/api/v1/events`, headers)
  expect(stream.status).toBe(200)
  const port = await openPort(headers)
  return {
    isPortOpen: port.isOpen,
    /** What has ended by itself. */
    listEnded: () => [
      ...Object.entries(sockets).flatMap(([name, one]) => (one.connected ? [] : [name])),
      ...(stream.isEnded ? ['stream'] : []),
      ...(port.isEnded() ? ['long response'] : []),
    ],
    async close() {
      for (const one of Object.values(sockets)) one.close()
      await stream.disconnect()
      port.close()
    },
  }
}

const EVERYTHING = ['socket', 'console', 'stream', 'long response']

async function connect(namespace: string, extraHeaders: Record<string, string>, auth: object) {
  const options = { path: SOCKET_PATH, transports: ['websocket'], forceNew: true, reconnection: false }
  const socket = io(web.url + namespace, { ...options, extraHeaders, auth })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

/** Opens a page of the machine and a response that never ends. */
async function openPort(headers: Record<string, string>) {
  const base = `${web.url}/machines/${machineId}/ports/80`
  const redirect = await fetch(`${base}/page`, { headers, redirect: 'manual' })
  const page = redirect.headers.has('location')
    ? new URL(redirect.headers.get('location')!, web.url).href
    : `${base}/page`
  const isOpen = async () => (await fetch(page, { headers, redirect: 'manual' })).status === 200
  expect(await isOpen()).toBe(true)
  const abort = new AbortController()
  const endless = await fetch(page.replace(/\/page$/, '/endless'), { headers, signal: abort.signal })
  const reader = endless.body!.getReader()
  await reader.read()
  let ended = false
  void reader.read().then(
    () => (ended = true),
    () => (ended = true),
  )
  return { isOpen, isEnded: () => ended, close: () => abort.abort() }
}

const credentials = (browser: Browser) => ({ cookie: browser.cookieHeader(), origin: web.url })

/** Ends the credentials by `revoke` and expects that everything opened with them ends in time. */
async function expectEverythingToEnd(
  opened: Awaited<ReturnType<typeof openEverything>>,
  revoke: () => Promise<unknown>,
) {
  await revoke()
  expect(await opened.isPortOpen()).toBe(false)
  await expect.poll(opened.listEnded, { timeout: LIMIT_MS }).toEqual(EVERYTHING)
  await opened.close()
}

describe('a stolen session', () => {
  it('ends, with all that it opened, when the user changes the password', async () => {
    const thief = await signIn()
    const opened = await openEverything(credentials(thief))
    const owner = await signIn()
    const newPassword = 'new-horse-battery'
    await expectEverythingToEnd(opened, async () => {
      const body = { currentPassword: ada.password, newPassword, revokeOtherSessions: false }
      expect((await owner.post('change-password', body)).status).toBe(200)
      ada.password = newPassword
    })
    expect(await thief.isSignedIn()).toBe(false)
    expect(await owner.isSignedIn()).toBe(true)
  })

  it('ends when the user resets the password, as do other open reset links', async () => {
    const thief = await signIn()
    const opened = await openEverything(credentials(thief))
    const requestLink = async () => {
      await createBrowser(web).post('request-password-reset', { email: ada.email })
      const { data } = await database.db.mail.findFirstOrThrow({
        where: { template: 'reset' },
        orderBy: { createdAt: 'desc' },
      })
      return new URL((data as { href: string }).href).pathname.split('/').at(-1)
    }
    const [stolenLink, token] = [await requestLink(), await requestLink()]
    const newPassword = 'reset-horse-battery'
    const reset = (body: object) => createBrowser(web).post('reset-password', body)
    await expectEverythingToEnd(opened, async () => {
      expect((await reset({ token, newPassword })).status).toBe(200)
      ada.password = newPassword
    })
    expect(await thief.isSignedIn()).toBe(false)
    expect((await reset({ token: stolenLink, newPassword: 'thiefs-own-password' })).status).toBe(400)
  })

  it('ends when the user signs out all others', async () => {
    const thief = await signIn()
    const opened = await openEverything(credentials(thief))
    const owner = await signIn()
    await expectEverythingToEnd(opened, async () => {
      expect((await owner.post('revoke-other-sessions')).status).toBe(200)
    })
    expect(await owner.isSignedIn()).toBe(true)
  })
})

describe('an API key', () => {
  const keyStatus = async (key: string) =>
    (await fetch(`${web.url}/api/v1/tasks`, { headers: { authorization: `Bearer ${key}` } })).status

  it('ends, with all that it opened, when the user revokes it', async () => {
    const key = await web.createKey(ada.email)
    const opened = await openEverything({ authorization: `Bearer ${key}` })
    const { keys } = await ada.fetchJson<{ keys: { id: string; name: string }[] }>('/api/v1/keys')
    const { id } = keys.find(({ name }) => name === 'another')!
    await expectEverythingToEnd(opened, async () => {
      expect((await ada.fetch(`/api/v1/keys/${id}`, { method: 'DELETE' })).status).toBe(204)
    })
    expect(await keyStatus(key)).toBe(401)
  })

  it('outlives a changed password unless the user revokes keys too', async () => {
    const change = async (newPassword: string, more: object) => {
      const body = { currentPassword: ada.password, newPassword, ...more }
      expect((await (await signIn()).post('change-password', body)).status).toBe(200)
      ada.password = newPassword
    }
    await change('third-horse-battery', {})
    expect(await keyStatus(ada.key)).toBe(200)
    await change('fourth-horse-battery', { revokeApiKeys: true })
    expect(await keyStatus(ada.key)).toBe(401)
  })
})

describe('an account', () => {
  it('ends, with all that its sessions opened, when an administrator disables it', async () => {
    const admin = await web.createUser('admin@example.com', { isAdmin: true })
    const browser = await signIn()
    const opened = await openEverything(credentials(browser))
    const { id } = await database.db.user.findUniqueOrThrow({ where: { email: ada.email } })
    await expectEverythingToEnd(opened, async () => {
      const init = { method: 'PATCH', body: JSON.stringify({ isDisabled: true }) }
      expect((await admin.fetch(`/api/v1/admin/users/${id}`, init)).status).toBe(200)
    })
    expect((await createBrowser(web).signIn(ada)).status).toBe(403)
  })
})
