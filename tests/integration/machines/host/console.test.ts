// Over 200 lines because all tests share one web process, one worker and one machine.

import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  CONSOLE_NAMESPACE,
  HOST_CONSOLE_PATH,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '@/lib/machines/console-protocol'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import { createRunningMachine, fetchMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

type ConsoleSocket = Socket<ConsoleServerEvents, ConsoleClientEvents>

const database = useDatabase()
const sockets: ConsoleSocket[] = []
let web: Web
let ada: TestUser
let eve: TestUser
let worker: Awaited<ReturnType<typeof startWorker>>
let machine: MachineDto

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  worker = await startWorker(web)
  machine = await createRunningMachine(ada, 'box')
})
afterAll(async () => {
  for (const socket of sockets) socket.disconnect()
  await worker.stop('SIGTERM')
  await web.stop()
})

async function requestToken(user: TestUser) {
  const response = await user.fetch(`/api/v1/machines/${machine.id}/console`, { method: 'POST' })
  return { status: response.status, ...((await response.json()) as { token: string }) }
}

/** @returns the connected socket, or the reason of the rejection */
function connectConsole({
  key,
  token,
  origin,
}: {
  key: string
  token: string
  origin?: string
}): Promise<ConsoleSocket | string> {
  const socket: ConsoleSocket = io(`${web.url}${CONSOLE_NAMESPACE}`, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token },
    extraHeaders: { authorization: `Bearer ${key}`, ...(origin ? { origin } : {}) },
  })
  sockets.push(socket)
  return new Promise((resolve) => {
    socket.once('recording', (bytes) => {
      outputs.set(socket, decodeText(bytes))
      resolve(socket)
    })
    socket.on('output', (bytes, acknowledge) => {
      outputs.set(socket, outputs.get(socket)! + decodeText(bytes))
      acknowledge()
    })
    socket.once('connect_error', (error) => resolve(error.message))
  })
}
const outputs = new Map<ConsoleSocket, string>()
const decodeText = (bytes: Uint8Array) => Buffer.from(bytes).toString()

async function openConsole(user: TestUser) {
  const socket = await connectConsole({ key: user.key, token: (await requestToken(user)).token })
  if (typeof socket === 'string') throw new Error(socket)
  return socket
}

it('replays the recording, forwards input and streams the same output to all viewers', async () => {
  const [one, two] = [await openConsole(ada), await openConsole(ada)]
  expect(outputs.get(one)).toMatch(/\S/)
  one.emit('input', Buffer.from('echo $((6*7))\r'))
  for (const socket of [one, two]) await expect.poll(() => outputs.get(socket)).toMatch(/^42\r?$/m)
  one.disconnect()
  const again = await openConsole(ada)
  expect(outputs.get(again)).toMatch(/^42\r?$/m)
})

it('stays connected over a restart and shows the boot', async () => {
  const socket = await openConsole(ada)
  const waitForEvent = (event: 'ended' | 'recording') =>
    new Promise<void>((resolve) => socket.once(event, () => resolve()))
  const power = async (action: 'stop' | 'start') => {
    await ada.fetch(`/api/v1/machines/${machine.id}/${action}`, { method: 'POST' })
  }
  let received = waitForEvent('ended')
  await power('stop')
  await received
  received = waitForEvent('recording')
  await expect
    .poll(async () => (await fetchMachine(ada, machine.id)).state, { timeout: 20_000 })
    .toBe('stopped')
  await power('start')
  await received
  await expect
    .poll(async () => (await fetchMachine(ada, machine.id)).state, { timeout: 20_000 })
    .toBe('running')
  socket.emit('input', Buffer.from('echo $((7*9))\r'))
  await expect.poll(() => outputs.get(socket)).toMatch(/^63\r?$/m)
})

it('accepts a token once, also when it is used concurrently', async () => {
  const { token } = await requestToken(ada)
  const results = await Promise.all([1, 2, 3].map(() => connectConsole({ key: ada.key, token })))
  expect(results.filter((result) => result === 'refused')).toHaveLength(2)
})

it('rejects an expired token', async () => {
  const { token } = await requestToken(ada)
  await database.db.consoleToken.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  expect(await connectConsole({ key: ada.key, token })).toBe('refused')
})

it('neither issues a token to another user nor accepts one from another user', async () => {
  expect((await requestToken(eve)).status).toBe(404)
  const { token } = await requestToken(ada)
  expect(await connectConsole({ key: eve.key, token })).toBe('refused')
  expect(await connectConsole({ key: 'invalid', token })).toBe('refused')
})

it('rejects a cross-origin connection even with a valid key and token', async () => {
  const { token } = await requestToken(ada)
  expect(await connectConsole({ key: ada.key, token, origin: 'https://evil.example' })).toBe('refused')
  expect(
    typeof (await connectConsole({ key: ada.key, token: (await requestToken(ada)).token, origin: web.url })),
  ).toBe('object')
})

it('closes the connection when its API key is disabled', async () => {
  const key = await web.createKey(ada.email)
  const socket = await connectConsole({ key, token: (await requestToken(ada)).token })
  if (typeof socket === 'string') throw new Error(socket)
  const closed = new Promise((resolve) => socket.once('disconnect', resolve))
  await database.db.apikey.updateMany({ where: { start: key.slice(0, 6) }, data: { enabled: false } })
  expect(await closed).toBe('io server disconnect')
})

it('stores console tokens as hashes only', async () => {
  const { token } = await requestToken(ada)
  const rows = await database.db.consoleToken.findMany()
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(token)
})

it('rejects connections to the worker without a valid host token', async () => {
  const { consoleUrl } = await database.db.machineHost.findFirstOrThrow()
  expect(new URL(consoleUrl).hostname).toBe('127.0.0.1')
  const socket = io(consoleUrl, {
    path: HOST_CONSOLE_PATH,
    transports: ['websocket'],
    reconnection: false,
    auth: { token: `${Date.now() + 30_000}.${'0'.repeat(64)}`, machineId: machine.id },
  })
  const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve))
  socket.disconnect()
  expect(error.message).toBe('refused')
})

it('responds 404 on every endpoint of another user’s machine', async () => {
  const base = `/api/v1/machines/${machine.id}`
  const body = JSON.stringify({ name: 'mine', size: 'small' })
  const endpoints = [
    ['GET', base],
    ['PATCH', base],
    ['DELETE', base],
    ...['start', 'stop', 'reboot', 'resize', 'snapshots', 'console'].map((action) => [
      'POST',
      `${base}/${action}`,
    ]),
    ['GET', `${base}/events`],
  ] as [string, string][]
  for (const [method, path] of endpoints) {
    const response = await eve.fetch(path, method === 'GET' ? {} : { method, body })
    expect(`${method} ${path}: ${response.status}`).toBe(`${method} ${path}: 404`)
    expect(((await response.json()) as { code: string }).code).toBe('machine.not_found')
  }
  const { machines } = (await (await eve.fetch('/api/v1/machines')).json()) as { machines: unknown[] }
  expect(machines).toEqual([])
  expect(await fetchMachine(ada, machine.id)).toMatchObject({ name: 'box', state: 'running' })
})

it('responds to invalid requests with a problem document', async () => {
  const create = (body: object, key?: string) =>
    ada.fetch('/api/v1/machines', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: key ? { 'idempotency-key': key } : {},
    })
  const invalid = await create({ name: '$(reboot)' })
  expect(invalid.status).toBe(400)
  expect(invalid.headers.get('content-type')).toContain('application/problem+json')
  expect(await invalid.json()).toMatchObject({ code: 'request.invalid' })
  expect(await (await create({ image: 'nothing' })).json()).toMatchObject({ code: 'machine.image_unknown' })
  const twice = await Promise.all([create({ name: 'twice' }, 'k'), create({ name: 'twice' }, 'k')])
  const results = (await Promise.all(twice.map((response) => response.json()))) as CreateMachineResponse[]
  expect(results[0]).toMatchObject({ machine: { id: results[1]!.machine.id }, order: results[1]!.order })
})
