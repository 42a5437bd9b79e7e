import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { CreateMachineResponse, MachineDto } from '@/lib/machines/schema'
import type { TestUser } from '@/tests/support/accounts'
import { createRunningMachine, waitForMachineState } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { signIn } from '@/tests/support/sign-in'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let ada: TestUser
let eve: TestUser
let machine: MachineDto
let cookie: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  worker = await startWorker(web)
  machine = await createRunningMachine(ada, 'box')
  cookie = await signIn({ web, user: ada })
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, web.url), { redirect: 'manual', headers })
/** As Chromium opens a page in a tab: at an HTTPS or loopback address, and at any other. */
const NAVIGATION = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }
const NAVIGATIONS: Record<string, string>[] = [
  NAVIGATION,
  { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
]
/** As a script of a page in an opaque origin sends a request. */
const SUBRESOURCE = { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', origin: 'null' }
async function openPage(own = cookie) {
  const response = await get(`/machines/${machine.id}/ports/80/page`, { ...NAVIGATION, cookie: own })
  expect(response.status).toBe(302)
  return response.headers.get('location')!
}

it('opens no page by its address alone', async () => {
  const path = await openPage()
  for (const navigation of NAVIGATIONS) {
    expect((await get(path, navigation)).status).toBe(401)
    expect((await get(path, { ...navigation, cookie: 'better-auth.session_token=forged' })).status).toBe(401)
    const asEve = await get(path, { ...navigation, cookie: await signIn({ web, user: eve }) })
    expect(asEve.status).toBe(404)
    const page = await get(path, { ...navigation, cookie })
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Inside')])
  }
  // The page itself has no cookie.
  expect((await get(path, SUBRESOURCE)).status).toBe(200)
})

it('opens a page of another session of the same user with a token of its own', async () => {
  const path = await openPage()
  const other = await get(path, { ...NAVIGATION, cookie: await signIn({ web, user: ada }) })
  expect(other.status).toBe(302)
  expect(other.headers.get('location')).toMatch(/\/~[\w-]+\/page$/)
  expect(other.headers.get('location')).not.toBe(path)
})

it('expires a token minutes after its last use, and renews it while the page is used', async () => {
  const path = await openPage()
  const setExpiry = (inMs: number) =>
    database.db.machinePortPass.updateMany({ data: { expiresAt: new Date(Date.now() + inMs) } })
  const readExpiry = async () => {
    const { expiresAt } = await database.db.machinePortPass.findFirstOrThrow({
      orderBy: { expiresAt: 'desc' },
    })
    return expiresAt.getTime() - Date.now()
  }
  expect(await readExpiry()).toBeLessThanOrEqual(5 * 60_000)
  await setExpiry(60_000)
  expect((await get(path, SUBRESOURCE)).status).toBe(200)
  expect(await readExpiry()).toBeGreaterThan(4 * 60_000)
  await setExpiry(-1)
  expect((await get(path, SUBRESOURCE)).status).toBe(401)
  const reloaded = await get(path, { ...NAVIGATION, cookie })
  expect([reloaded.status, reloaded.headers.get('location')]).toEqual([302, expect.stringMatching(/\/page$/)])
  const { sessionId } = await database.db.machinePortPass.findFirstOrThrow({ orderBy: { expiresAt: 'desc' } })
  const expired = { sessionId, expiresAt: { lt: new Date() } }
  expect(await database.db.machinePortPass.count({ where: expired })).toBe(0)
})

it('ends all tokens of a session when it is signed out', async () => {
  const own = await signIn({ web, user: ada })
  const path = await openPage(own)
  expect((await get(path, SUBRESOURCE)).status).toBe(200)
  await fetch(`${web.url}/api/auth/sign-out`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', origin: web.url, cookie: own },
  })
  expect((await get(path, SUBRESOURCE)).status).toBe(401)
})

it('reaches a machine without a network on no way', async () => {
  const init = { method: 'POST', body: JSON.stringify({ name: 'isolated', network: 'none' }) }
  const { machine: isolated } = await ada.fetchJson<CreateMachineResponse>('/api/v1/machines', init)
  await waitForMachineState(ada, { id: isolated.id, state: 'running' })
  const readCode = async (response: Response) => ((await response.json()) as { code: string }).code
  const page = `/machines/${isolated.id}/ports/80/`
  expect(await readCode(await ada.fetch(page))).toBe('machine.no_network')
  expect(await readCode(await get(page, { cookie }))).toBe('machine.no_network')
  const forward = { method: 'POST', body: JSON.stringify({ guestPort: 80 }) }
  const forwarded = await ada.fetch(`/api/v1/machines/${isolated.id}/ports`, forward)
  expect([forwarded.status, await readCode(forwarded)]).toEqual([409, 'machine.no_network'])
})

it('passes no header of single sign-on, proxies or credentials to the guest', async () => {
  const secrets = {
    'x-forwarded-user': 'ada',
    'x-forwarded-email': 'ada@example.com',
    'x-remote-user': 'ada',
    'remote-user': 'ada',
    'x-auth-request-access-token': 'secret',
    'cf-access-jwt-assertion': 'secret',
    'x-goog-iap-jwt-assertion': 'secret',
    'x-ms-client-principal': 'secret',
    'x-real-ip': '203.0.113.7',
    forwarded: 'for=203.0.113.7',
  }
  const response = await ada.fetch(`/machines/${machine.id}/ports/80/`, {
    headers: { ...secrets, cookie, 'x-requested-with': 'XMLHttpRequest', 'accept-language': 'de' },
  })
  const { headers } = (await response.json()) as { headers: Record<string, string> }
  expect(headers).toMatchObject({ 'x-requested-with': 'XMLHttpRequest', 'accept-language': 'de' })
  for (const name of [...Object.keys(secrets), 'cookie', 'authorization', 'x-forwarded-for'])
    expect(headers).not.toHaveProperty(name)
})

it('shows pages of machines at a host of their own, and nothing else there', async () => {
  const PAGES_HOST = 'pages.example'
  const own = await startWeb({
    databaseUrl: database.url,
    env: {
      MACHINES: 'on',
      MACHINE_DRIVER: 'fake',
      PUBLIC_URL: 'http://app.example',
      MACHINE_PAGES_URL: `http://${PAGES_HOST}`,
    },
  })
  onTestFinished(() => own.stop())
  const { port } = new URL(own.url)
  const getAt = async (host: string, path: string, headers: Record<string, string> = {}) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { ...headers, host } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: response.statusCode, headers: response.headers, body: await text(response) }
  }
  const plain = `/machines/${machine.id}/ports/80/page`
  const opened = await getAt('app.example', plain, { ...NAVIGATION, cookie })
  const location = new URL(opened.headers.location!)
  expect(location.host).toBe(PAGES_HOST)
  const page = await getAt(PAGES_HOST, location.pathname, NAVIGATION)
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('Inside')])
  const [set] = page.headers['set-cookie']!
  expect(set).toMatch(/^meanwhile_page=[\w-]+; Path=\/machines\/[^;]*~[\w-]+; HttpOnly; SameSite=Lax$/)
  const pageCookie = set!.split(';')[0]!
  expect((await getAt(PAGES_HOST, location.pathname, { ...NAVIGATION, cookie: pageCookie })).status).toBe(200)
  expect((await getAt(PAGES_HOST, location.pathname, SUBRESOURCE)).status).toBe(200)
  // Another browser is sent to the app, which requires the session.
  const leaked = await getAt(PAGES_HOST, location.pathname, NAVIGATION)
  expect([leaked.status, leaked.headers.location]).toEqual([302, `http://app.example${plain}`])
  expect((await getAt('app.example', location.pathname, SUBRESOURCE)).status).toBe(401)
  for (const path of ['/', '/sign-in', '/api/v1/machines', '/api/health'])
    expect((await getAt(PAGES_HOST, path, { cookie })).status, path).toBe(404)
})
