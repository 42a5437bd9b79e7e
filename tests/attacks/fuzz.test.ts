// Over 200 lines because all entrances are fuzzed with one app and one set of resources.

import { request as httpRequest } from 'node:http'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { TestUser } from '@/tests/support/accounts'
import { findExample } from '@/tests/support/api-examples'
import { type ApiOperation, buildUrl, listApiOperations } from '@/tests/support/api-operations'
import { startWithApiResources } from '@/tests/support/api-resources'
import { listAuthEndpoints } from '@/tests/support/auth-endpoints'
import { useDatabase } from '@/tests/support/database'
import { hostilePathParts, hostileQueries, listHostileBodies } from '@/tests/support/hostile-input'
import { signIn } from '@/tests/support/sign-in'
import type { Web } from '@/tests/support/web'

const CONCURRENCY = 8
const database = useDatabase()
let app: Awaited<ReturnType<typeof startWithApiResources>>
let web: Web
let ada: TestUser
let cookie: string

beforeAll(async () => {
  process.env.DATABASE_URL = database.url
  app = await startWithApiResources(database)
  web = app.web
  ada = app.owner
  cookie = await signIn({ web, user: ada })
})
afterAll(() => app.stop())

interface FuzzRequest {
  method: string
  /** Path and query, sent as they are. */
  at: string
  headers?: Record<string, string>
  body?: string
}

interface FuzzResponse {
  status: number
  type: string
  text: string
}

/** Sends a request without the checks and encodings of `fetch`. */
const send = ({ method, at, headers, body }: FuzzRequest) =>
  new Promise<FuzzResponse>((resolve, reject) => {
    const { hostname, port } = new URL(web.url)
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = { hostname, port, method, path: at, headers: { ...length, ...headers }, timeout: 30_000 }
    const request = httpRequest(options, (response) => {
      const type = response.headers['content-type'] ?? ''
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text = (text + chunk.toString()).slice(0, 500)
        // An event stream has no end.
        if (type.startsWith('text/event-stream')) request.destroy()
      })
      response.once('close', () => resolve({ status: response.statusCode!, type, text }))
    })
    request.once('timeout', () => request.destroy(new Error(`${method} ${at.slice(0, 200)}: no answer`)))
    request.once('error', (cause) => reject(new Error(`${method} ${at.slice(0, 200)} broke off`, { cause })))
    request.end(body)
  })

/** Sends all requests: every answer is below 500, and an error is problem+json where `isApi`. Returns their number. */
async function sendAll(requests: Iterable<FuzzRequest>, { isApi = true } = {}) {
  const iterator = requests[Symbol.iterator]()
  let count = 0
  const failures: string[] = []
  const sendNext = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      const { method, at, headers, body } = next.value
      const { status, type, text } = await send(next.value)
      const description = `${method} ${at.slice(0, 200)} ${JSON.stringify(headers)} ${body?.slice(0, 200)}: ${text}`
      if (status >= 500) failures.push(`${status} ${description}`)
      // Node.js itself refuses what is not HTTP.
      if (isApi && status >= 400 && status !== 431 && !/problem\+json/.test(type) && text)
        failures.push(`${status} as ${type} ${description}`)
      count++
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, sendNext))
  expect(failures).toEqual([])
  return count
}

const authorized = () => ({ authorization: `Bearer ${ada.key}` })

function* mutateOperation(operation: ApiOperation): Generator<FuzzRequest> {
  const { method, path, queryNames, contentType } = operation
  const example = findExample(operation, app.resources)
  const json = { ...authorized(), 'content-type': contentType ?? 'application/json' }
  const at = buildUrl(operation, example)
  for (const name of path.match(/(?<=\{)\w+(?=\})/g) ?? [])
    for (const part of hostilePathParts) {
      const params = { ...example.params, [name]: '-hostile-' }
      yield {
        method,
        at: buildUrl(operation, { ...example, params }).replace('-hostile-', part),
        headers: json,
        body: contentType && JSON.stringify(example.body ?? {}),
      }
    }
  for (const name of [...queryNames, 'unknown'])
    for (const query of hostileQueries(name))
      yield {
        method,
        at: `${at}${at.includes('?') ? '&' : '?'}${query}`,
        headers: json,
        body: contentType && '{}',
      }
  // Bodies that stay valid must not delete what the next requests need.
  if (method === 'DELETE') return
  for (const { headers, body } of listHostileBodies(example.body))
    yield { method, at, headers: { ...json, ...headers }, body }
}

it('no operation of the API answers malformed input with an error of the server', async () => {
  const before = await readProcessStarts()
  let count = 0
  for (const operation of listApiOperations()) {
    await app.resources.refresh()
    count += await sendAll(mutateOperation(operation))
  }
  console.log(`${count} malformed requests`)
  expect(count).toBeGreaterThan(5_000)
  expect(await readProcessStarts()).toEqual(before)
})

/** Processes that were restarted have another start. */
async function readProcessStarts() {
  expect((await fetch(`${web.url}/api/health`)).status).toBe(200)
  process.kill(app.worker.pid, 0)
  const metrics = await (await ada.fetch('/api/metrics')).text()
  return /^process_start_time_seconds .*$/m.exec(metrics)![0]
}

/** What ends the session or changes the credentials of the following requests. */
const ENDING_ENDPOINTS = /sign-out|revoke|end-session|delete-user|change-password|reset-password/

const authEndpoints = (isEnding: boolean) =>
  listAuthEndpoints().filter(({ at }) => ENDING_ENDPOINTS.test(at) === isEnding)

function* mutateAuthEndpoint(
  { method, at }: { method: string; at: string },
  { cookie: own, body }: { cookie: string; body: object },
): Generator<FuzzRequest> {
  const url = at.replaceAll(/:\w+/g, 'x')
  const headers = () => ({
    cookie: own,
    origin: web.url,
    'content-type': 'application/json',
    ...fromNewAddress(),
  })
  for (const query of hostileQueries('token')) yield { method, at: `${url}?${query}`, headers: headers() }
  if (method === 'GET') return
  for (const hostile of listHostileBodies(body))
    yield { method, at: url, headers: { ...headers(), ...hostile.headers }, body: hostile.body }
}
let lastAddress = 0
/** Requests and attempts to sign in are limited per address. */
const fromNewAddress = () => ({ 'x-forwarded-for': `198.18.${++lastAddress >> 8}.${lastAddress & 255}` })

it('no endpoint of accounts does', async () => {
  const body = { email: 'a@example.com', password: 'x', token: 'y', keyId: 'z', name: 'n', newPassword: 'p' }
  const requests = authEndpoints(false).flatMap((endpoint) => [
    ...mutateAuthEndpoint(endpoint, { cookie, body }),
  ])
  const before = await readProcessStarts()
  expect(await sendAll(requests, { isApi: false })).toBeGreaterThan(1_000)
  expect(await readProcessStarts()).toEqual(before)
})

it('neither does an upload, a media file or a page', async () => {
  const before = await readProcessStarts()
  const tus = { ...authorized(), 'tus-resumable': '1.0.0' }
  const values = [
    '',
    '-1',
    '1e3',
    '9'.repeat(30),
    'NaN',
    '0x10',
    '\t',
    'a b',
    `filename ${'A'.repeat(8_000)}`,
    'é,=',
  ]
  const names = [
    'upload-length',
    'upload-metadata',
    'upload-offset',
    'upload-concat',
    'upload-checksum',
    'range',
  ]
  function* requests(): Generator<FuzzRequest> {
    const media = `/media/videos/${app.resources.videoId}`
    for (const name of [
      ...names,
      'tus-resumable',
      'if-none-match',
      'last-event-id',
      'x-http-method-override',
    ])
      for (const value of values) {
        const headers = { 'upload-length': '10', ...tus, [name]: value }
        yield { method: 'POST', at: '/api/uploads', headers }
        yield { method: 'PATCH', at: app.resources.uploadUrl, headers, body: 'x' }
        yield { method: 'HEAD', at: app.resources.uploadUrl, headers }
        yield { method: 'GET', at: `${media}/hls/master.m3u8`, headers }
        yield { method: 'GET', at: `${media}/chapters.vtt`, headers }
        yield { method: 'GET', at: `${media}/source`, headers: { ...headers, range: `bytes=${value}` } }
      }
    for (const part of hostilePathParts) {
      for (const at of [
        `/api/uploads/${part}`,
        `/media/videos/${part}/source`,
        `/media/shares/${part}/source`,
        `/media/shares/${app.resources.shareGrant}/${part}`,
        `/media/shares/${app.resources.playlistShareGrant}/${part}`,
        `/media/shares/${app.resources.playlistShareGrant}/${app.resources.videoId}/${part}`,
        `${media}/${part}`,
      ])
        yield { method: 'GET', at, headers: tus }
      yield { method: 'GET', at: `/machines/${part}/ports/80/`, headers: authorized() }
      yield {
        method: 'GET',
        at: `/machines/${app.resources.machineId}/ports/${part}/`,
        headers: authorized(),
      }
      for (const page of ['videos', 'tasks', 'machines', 'admin/mail', 'account/webhooks', 's', 'embed'])
        yield { method: 'GET', at: `/${page}/${part}`, headers: { cookie } }
      for (const page of ['videos', 'activity', 'admin/tasks', 'admin/dead-letters', 'sign-in'])
        for (const query of ['search', 'cursor', 'state', 'sort', 'next'])
          yield { method: 'GET', at: `/${page}?${query}=${part}`, headers: { cookie } }
    }
  }
  expect(await sendAll(requests(), { isApi: false })).toBeGreaterThan(1_000)
  expect(await readProcessStarts()).toEqual(before)
})

it('neither does the socket', async () => {
  const before = await readProcessStarts()
  const values = [null, 1, 'x', [], {}, '\ud800\0', Buffer.alloc(10), { id: 1 }, ['x'], { '\0': 1 }, 1e308]
  for (const event of ['sync', 'seen', 'input', 'resize', 'unknown', '__proto__']) {
    // One for each event, because the server disconnects a socket that sends too much.
    const socket = await connectSocket()
    for (const value of values) {
      socket.emit(event, value)
      socket.emit(event, value, () => undefined)
      socket.emit(event, value, value, value)
    }
    expect(await socket.emitWithAck('sync', {})).toHaveProperty('tasks')
    socket.close()
  }
  const packets = [
    '',
    '4',
    '42',
    '42[',
    '42[]',
    '42["sync"',
    '4999["a"]',
    '45-["a",{"_placeholder":true}]',
    'x',
  ]
  for (const packet of [...packets, `42["sync",${'['.repeat(100_000)}${']'.repeat(100_000)}]`]) {
    const sender = await connectSocket()
    sender.io.engine.write(packet)
    sender.close()
  }
  const last = await connectSocket()
  expect(await last.emitWithAck('sync', {})).toHaveProperty('tasks')
  last.close()
  expect(await readProcessStarts()).toEqual(before)
})

async function connectSocket() {
  const socket = io(web.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: authorized(),
  })
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
  return socket
}

/** A user whose session and password are restored before each request that may have ended or changed them. */
async function createThrowAway(n: number) {
  const { db } = database
  const user = await web.createUser(`throw-away-${n}@example.com`)
  const own = await signIn({ web, user, headers: fromNewAddress() })
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { email: user.email } })
  const session = await db.session.findFirstOrThrow({ where: { userId } })
  const { id, password } = await db.account.findFirstOrThrow({ where: { userId } })
  return {
    cookie: own,
    body: {
      currentPassword: user.password,
      newPassword: 'another-horse-battery',
      password: user.password,
      token: session.token,
      id: session.id,
    },
    async restore() {
      await db.session.upsert({ where: { id: session.id }, create: session, update: {} })
      await db.account.update({ where: { id }, data: { password } })
    },
  }
}

it('neither does an endpoint that ends sessions or changes the password', async () => {
  const before = await readProcessStarts()
  const endpoints = authEndpoints(true)
  expect(endpoints.map(({ at }) => at)).toEqual(
    expect.arrayContaining(['/api/auth/sign-out', '/api/auth/revoke-sessions', '/api/auth/change-password']),
  )
  const fuzz = async (endpoint: (typeof endpoints)[number], n: number) => {
    const user = await createThrowAway(n)
    for (const request of mutateAuthEndpoint(endpoint, user)) {
      await user.restore()
      await sendAll([request], { isApi: false })
    }
    await user.restore()
    expect((await fetch(`${web.url}/api/v1/tasks`, { headers: { cookie: user.cookie } })).status).toBe(200)
  }
  await Promise.all(endpoints.map(fuzz))
  expect(await readProcessStarts()).toEqual(before)
}, 300_000)
