// Over 200 lines because all tests share one web process, one worker and one machine.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { MachineDto, MachineEventDto, MachinePortDto } from '@/lib/machines/schema'
import { createRunningMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { occupyMachinePort } from '@/tests/support/machine-port'
import type { TestUser } from '@/tests/support/accounts'
import { signIn } from '@/tests/support/sign-in'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser
let worker: Awaited<ReturnType<typeof startWorker>>
let machine: MachineDto
let cookie: string
const postInit = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })
const portPath = (rest: string) => `/machines/${machine.id}/ports/${rest}`

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  cookie = await signIn({ web, user: ada })
  worker = await startWorker(web)
  machine = await createRunningMachine(ada, 'box')
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

const readErrorCode = async (response: Response) => ((await response.json()) as { code: string }).code
const fetchAsBrowser = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(new URL(path, web.url), { redirect: 'manual', ...init, headers })

async function requestTokenPath(rest = '80/') {
  const response = await fetchAsBrowser(portPath(rest), { cookie })
  expect(response.status).toBe(302)
  return response.headers.get('location')!
}

it('proxies a request with an API key without forwarding the key', async () => {
  const response = await ada.fetch(portPath('80/deep/path?q=1'), {
    ...postInit({ a: 1 }),
    headers: { cookie: 'x=1' },
  })
  expect(response.status).toBe(200)
  const received = (await response.json()) as { headers: Record<string, string> }
  expect(received).toMatchObject({ hostname: 'box', method: 'POST', url: '/deep/path?q=1', body: '{"a":1}' })
  expect(Object.keys(received.headers)).not.toEqual(expect.arrayContaining(['authorization']))
  expect(received.headers).not.toHaveProperty('cookie')
  expect(response.headers.getSetCookie()).toEqual([])
  expect(response.headers.get('content-security-policy')).toMatch(/^sandbox(?!.*allow-same-origin)/)
})

it.each(['000', '099', '101'])('responds 502 to the invalid status %s of a service', async (status) => {
  const response = await ada.fetch(portPath(`80/status/${status}`))
  expect([response.status, await response.json()]).toEqual([
    502,
    expect.objectContaining({
      code: 'machine.no_service',
      title: 'No HTTP service responds on port 80 of this machine.',
    }),
  ])
})

it.each([299, 599, 999])('passes the status %d of a service through', async (status) => {
  expect((await ada.fetch(portPath(`80/status/${status}`))).status).toBe(status)
})

it('redirects a signed-in browser to a URL with a port token, which ends with the session', async () => {
  const path = await requestTokenPath('80/page')
  expect(path).toMatch(/\/ports\/80\/~[^/]+\/page$/)
  await requestTokenPath('80/page')
  const { events } = (await (await ada.fetch(`/api/v1/machines/${machine.id}/events`)).json()) as {
    events: MachineEventDto[]
  }
  expect(events.filter(({ action }) => action === 'service opened')).toEqual([
    expect.objectContaining({ actor: ada.email, detail: 'port 80' }),
  ])
  const page = await fetchAsBrowser(path)
  expect(await page.text()).toContain('<h1>Inside</h1>')
  expect(page.headers.get('content-security-policy')).toMatch(/^sandbox/)
  expect(page.headers.get('access-control-allow-origin')).toBe('*')
  const base = path.replace(/\/page$/, '')
  const away = await fetchAsBrowser(`${base}/away`)
  expect(away.headers.get('location')).toBe(path)
  const preflight = await fetchAsBrowser(
    path,
    { origin: 'null', 'access-control-request-method': 'PUT' },
    { method: 'OPTIONS' },
  )
  expect(preflight.status).toBe(204)
  expect((await fetchAsBrowser(path, { 'service-worker': 'script' })).status).toBe(403)
  expect((await fetchAsBrowser(path.replace('/80/', '/81/'))).status).toBe(401)
  const last = base.at(-1) === 'x' ? 'y' : 'x'
  expect((await fetchAsBrowser(base.slice(0, -1) + last)).status).toBe(401)
  await database.db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  expect((await fetchAsBrowser(path)).status).toBe(401)
  cookie = await signIn({ web, user: ada })
})

it('accepts a session cookie for that redirect only, which prevents CSRF', async () => {
  const response = await fetchAsBrowser(portPath('80/'), { cookie }, { method: 'POST' })
  expect([response.status, await readErrorCode(response)]).toEqual([403, 'port.refused'])
})

it('refuses another user access to ports on every route', async () => {
  expect((await fetchAsBrowser(portPath('80/'))).status).toBe(401)
  expect(await readErrorCode(await eve.fetch(portPath('80/')))).toBe('machine.not_found')
  const other = await fetchAsBrowser(portPath('80/'), { cookie: await signIn({ web, user: eve }) })
  expect([other.status, await readErrorCode(other)]).toEqual([404, 'machine.not_found'])
  expect((await ada.fetch(`/machines/${randomUUID()}/ports/80/`)).status).toBe(404)
  expect((await ada.fetch(portPath('99999/'))).status).toBe(404)
  const api = `/api/v1/machines/${machine.id}/ports`
  for (const [path, init] of [
    [api, {}],
    [api, postInit({ guestPort: 80 })],
    [`${api}/80`, { method: 'DELETE' }],
  ] as const)
    expect(await readErrorCode(await eve.fetch(path, init))).toBe('machine.not_found')
})

it('opens a WebSocket only with a valid port token', async () => {
  const openWebSocket = async (path: string) => {
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1')
    let received = ''
    socket.on('data', (chunk) => (received += String(chunk)))
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: null\r\n\r\n`,
    )
    await vi.waitFor(() => expect(received).toContain('\r\n\r\n'), { timeout: 10_000 })
    socket.write('hello')
    await vi.waitFor(() => expect(received.endsWith('hello') || socket.closed).toBe(true), {
      timeout: 10_000,
    })
    socket.destroy()
    return received
  }
  const received = await openWebSocket(await requestTokenPath('80/socket'))
  expect(received).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nhello$/)
  expect(received.toLowerCase()).not.toContain('set-cookie')
  expect(await openWebSocket(portPath('80/socket'))).toMatch(/^HTTP\/1\.1 403/)
})

it('closes a WebSocket when the session of its port token ends', { tags: 'full' }, async () => {
  const own = await signIn({ web, user: ada })
  const path = (await fetchAsBrowser(portPath('80/socket'), { cookie: own })).headers.get('location')!
  const socket = connect(Number(new URL(web.url).port), '127.0.0.1')
  const closed = once(socket, 'close')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: null\r\n\r\n`,
  )
  const [received] = (await once(socket, 'data')) as [Buffer]
  expect(String(received)).toContain(' 101 ')
  await fetch(`${web.url}/api/auth/sign-out`, {
    ...postInit({}),
    headers: { 'content-type': 'application/json', origin: web.url, cookie: own },
  })
  await closed
})

it('forwards a port to the host’s loopback until forwarding stops', async () => {
  const api = `/api/v1/machines/${machine.id}/ports`
  const forward = async (request: object) => {
    const response = await ada.fetch(api, postInit(request))
    return {
      status: response.status,
      ...((await response.json()) as MachinePortDto & { code: string; title: string }),
    }
  }
  const first = await forward({ guestPort: 7 })
  expect(first).toMatchObject({ status: 201, guestPort: 7, hostPort: expect.any(Number), problem: null })
  expect(await forward({ guestPort: 7 })).toEqual(first)
  const hostPort = first.hostPort!
  expect(await echoThroughPort(hostPort)).toBe('hello')
  expect(await (await ada.fetch(api)).json()).toEqual({
    ports: [{ guestPort: 7, hostPort, problem: null }],
  })

  const refused = await fetch(`http://127.0.0.1:${hostPort}/`, { headers: { cookie } })
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining(`http://localhost:${hostPort}/`),
  ])

  const { port: busyPort, server: busy } = await occupyMachinePort()
  expect(await forward({ guestPort: 9, hostPort: busyPort })).toMatchObject({
    status: 409,
    code: 'port.taken',
    title: `Port ${busyPort} of the host is in use.`,
  })
  expect(await forward({ guestPort: 9, hostPort })).toMatchObject({ status: 409, code: 'port.taken' })
  expect(await forward({ guestPort: 0 })).toMatchObject({ status: 400 })

  // Another program uses the port while the worker restarts, and exits later.
  await worker.stop('SIGKILL')
  await vi.waitFor(async () => expect(await echoThroughPort(hostPort)).toBe('ECONNREFUSED'))
  const otherProgram = createServer().listen(hostPort, '127.0.0.1')
  await once(otherProgram, 'listening')
  worker = await startWorker(web)
  const ports = async () => (await (await ada.fetch(api)).json()) as { ports: MachinePortDto[] }
  await vi.waitFor(
    async () => expect((await ports()).ports[0]!.problem).toMatch(/Another program/),
    POLL_OPTIONS,
  )
  otherProgram.close()
  await vi.waitFor(
    async () => expect((await ports()).ports[0]).toMatchObject({ hostPort, problem: null }),
    POLL_OPTIONS,
  )

  expect((await ada.fetch(`${api}/7`, { method: 'DELETE' })).status).toBe(204)
  expect(await echoThroughPort(hostPort)).toBe('ECONNREFUSED')
  expect(await readErrorCode(await ada.fetch(`${api}/7`, { method: 'DELETE' }))).toBe('port.not_found')
  busy.close()
})

it('stops forwarding when the machine is terminated', { tags: 'full' }, async () => {
  const other = await createRunningMachine(ada, 'other')
  const api = `/api/v1/machines/${other.id}`
  const { hostPort } = (await (
    await ada.fetch(`${api}/ports`, postInit({ guestPort: 7 }))
  ).json()) as MachinePortDto
  expect(await echoThroughPort(hostPort!)).toBe('hello')
  await ada.fetch(api, { method: 'DELETE' })
  await vi.waitFor(async () => expect(await echoThroughPort(hostPort!)).toBe('ECONNREFUSED'), POLL_OPTIONS)
  await vi.waitFor(async () => expect(await database.db.machinePort.count()).toBe(0), POLL_OPTIONS)
})

const POLL_OPTIONS = { timeout: 30_000, interval: 100 }

/** Sends `hello` to a port. @returns the echo, or the error code */
async function echoThroughPort(port: number) {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.end('hello')
    let received = ''
    for await (const chunk of socket) received += String(chunk)
    return received
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
