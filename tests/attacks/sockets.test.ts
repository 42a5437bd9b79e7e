import { connect } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const FOREIGN_ORIGIN = 'http://127.0.0.1:1'
const database = useDatabase()
let web: Web
let ada: TestUser
let cookie: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com', { isAdmin: true })
  cookie = await signIn({ web, user: ada })
})
afterAll(() => web.stop())

const open = (extraHeaders: Record<string, string>) =>
  io(web.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders,
  })
/** Resolves to `connected` or the reason of the refusal. */
const outcome = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('connected'))
    socket.once('connect_error', (error) => resolve(error.message))
  })

describe('a page of another origin with a cookie', () => {
  it.each(['Basic YTpi', 'Bearer', 'Negotiate x', ''])(
    'cannot change anything by sending the Authorization "%s"',
    async (authorization) => {
      const response = await fetch(`${web.url}/api/v1/notifications`, {
        method: 'PATCH',
        headers: { cookie, origin: FOREIGN_ORIGIN, authorization, 'content-type': 'application/json' },
        body: '{}',
      })
      expect(await readProblem(response)).toMatchObject({ status: 403, code: 'request.foreign_page' })
    },
  )

  it('is anonymous when it sends an unknown API key', async () => {
    const headers = { cookie, origin: FOREIGN_ORIGIN, authorization: 'Bearer mw_none' }
    const change = await fetch(`${web.url}/api/v1/notifications`, { method: 'PATCH', headers, body: '{}' })
    expect(change.status).toBe(401)
    const session = await fetch(`${web.url}/api/auth/get-session`, { headers })
    expect(await session.json()).toBeNull()
  })

  it('cannot open a socket by sending an Authorization', async () => {
    const headers = { cookie, origin: FOREIGN_ORIGIN }
    const attempts = [
      open({ ...headers, authorization: 'Basic YTpi' }),
      open({ ...headers, authorization: 'Bearer mw_none' }),
    ]
    expect(await Promise.all(attempts.map(outcome))).toEqual(['foreign_page', 'sign_in_required'])
    for (const socket of attempts) socket.close()
  })
})

describe('sockets', () => {
  it('of one user are limited', async () => {
    const eve = await web.createUser('eve@example.com')
    const headers = { authorization: `Bearer ${eve.key}` }
    const sockets: Socket[] = []
    const outcomes: string[] = []
    for (let n = 0; n < 102; n++) {
      const socket = open(headers)
      sockets.push(socket)
      outcomes.push(await outcome(socket))
    }
    expect(outcomes.filter((one) => one === 'connected')).toHaveLength(100)
    expect(outcomes.at(-1)).toBe('too_many_sockets')
    sockets[0]!.close()
    await expect
      .poll(async () => {
        const socket = open(headers)
        sockets.push(socket)
        return outcome(socket)
      })
      .toBe('connected')
    for (const socket of sockets) socket.close()
  })

  it('without a user are limited and closed', async () => {
    const engines = Array.from(
      { length: 80 },
      () => new WebSocket(`${web.url}${SOCKET_PATH}/?EIO=4&transport=websocket`),
    )
    const isClosed = (socket: WebSocket) => socket.readyState === WebSocket.CLOSED
    await expect.poll(() => engines.filter(isClosed).length).toBeGreaterThanOrEqual(30)
    // A page of the same address is accepted again once the others have been closed.
    await expect.poll(() => engines.filter(isClosed).length, { timeout: 30_000 }).toBe(80)
    const socket = open({ cookie })
    expect(await outcome(socket)).toBe('connected')
    socket.close()
  })

  it('that send too many messages are disconnected', async () => {
    const socket = open({ cookie })
    expect(await outcome(socket)).toBe('connected')
    const disconnected = new Promise((resolve) => socket.once('disconnect', resolve))
    for (let n = 0; n < 500; n++) socket.emit('sync', {}, () => undefined)
    expect(await disconnected).toBe('io server disconnect')
    socket.close()
  })

  it('accept no large body by long polling before the user is known', async () => {
    const poll = `${web.url}${SOCKET_PATH}/?EIO=4&transport=polling`
    const { sid } = JSON.parse((await (await fetch(poll)).text()).slice(1)) as { sid: string }
    const post = (bytes: number) =>
      fetch(`${poll}&sid=${sid}`, { method: 'POST', body: 'x'.repeat(bytes) }).then(
        ({ status }) => status,
        () => 'closed',
      )
    expect([401, 'closed']).toContain(await post(900_000))
  })

  it('accept no upgrade with a large body before the user is known', async () => {
    const { hostname, port } = new URL(web.url)
    const client = connect({ host: hostname, port: Number(port) })
    const closed = new Promise((resolve) => client.once('close', () => resolve('closed')))
    client.on('error', () => undefined)
    client.write(
      [
        `GET ${SOCKET_PATH}/?EIO=4&transport=websocket HTTP/1.1`,
        'host: meanwhile',
        'connection: upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
        'transfer-encoding: chunked',
        '',
        '',
      ].join('\r\n'),
    )
    let received = ''
    client.on('data', (data: Buffer) => (received += data.toString()))
    expect(await closed).toBe('closed')
    expect(received).toBe('')
  })
})

it('health names reasons to administrators only', async () => {
  const read = async (headers: Record<string, string>) => {
    const response = await fetch(`${web.url}/api/health`, { headers })
    return [response.status, await response.json()]
  }
  const user = await web.createUser('grace@example.com')
  expect(await read({})).toEqual([503, { status: 'unavailable' }])
  expect(await read({ authorization: `Bearer ${user.key}` })).toEqual([503, { status: 'unavailable' }])
  const reasons = { status: 'unavailable', missing: ['worker'], warnings: [] }
  expect(await read({ authorization: `Bearer ${ada.key}` })).toEqual([503, reasons])
  expect(await read({ cookie })).toEqual([503, reasons])
  const worker = await startWorker(web)
  expect(await read({})).toEqual([200, { status: 'ok' }])
  await worker.stop('SIGTERM')
})
