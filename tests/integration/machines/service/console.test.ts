import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import {
  CONSOLE_NAMESPACE,
  HOST_CONSOLE_PATH,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '@/lib/machines/console-protocol'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import { SOCKET_PATH } from '@/lib/realtime/schema'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

type ConsoleSocket = Socket<ConsoleServerEvents, ConsoleClientEvents>

const database = useDatabase()
const sockets: ConsoleSocket[] = []
let web: Web
let ada: TestUser
let eve: TestUser
let worker: Awaited<ReturnType<typeof startWorker>>
let machine: MachineDto

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: { MACHINES: 'on', MACHINE_DRIVER: 'fake' } })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  worker = await startWorker(web)
  const answer = await ada.fetch('/api/v1/machines', {
    method: 'POST',
    body: JSON.stringify({ name: 'box' }),
  })
  machine = ((await answer.json()) as CreateMachineResponse).machine
  await vi.waitFor(async () => expect((await fetchMachine()).state).toBe('running'), {
    timeout: 90_000,
    interval: 200,
  })
})
afterAll(async () => {
  for (const line of sockets) line.disconnect()
  await worker.stop('SIGTERM')
  await web.stop()
})

const fetchMachine = async () =>
  (await (await ada.fetch(`/api/v1/machines/${machine.id}`)).json()) as MachineDto
async function requestToken(person: TestUser) {
  const answer = await person.fetch(`/api/v1/machines/${machine.id}/console`, { method: 'POST' })
  return { status: answer.status, ...((await answer.json()) as { token: string }) }
}

/** @returns the open line, or why there is none */
function connectConsole(given: {
  key: string
  token: string
  origin?: string
}): Promise<ConsoleSocket | string> {
  const line: ConsoleSocket = io(`${web.url}${CONSOLE_NAMESPACE}`, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: given.token },
    extraHeaders: { authorization: `Bearer ${given.key}`, ...(given.origin ? { origin: given.origin } : {}) },
  })
  sockets.push(line)
  return new Promise((resolve) => {
    line.once('recording', (bytes) => {
      outputs.set(line, decodeText(bytes))
      resolve(line)
    })
    line.on('output', (bytes, shown) => {
      outputs.set(line, outputs.get(line)! + decodeText(bytes))
      shown()
    })
    line.once('connect_error', (error) => resolve(error.message))
  })
}
const outputs = new Map<ConsoleSocket, string>()
const decodeText = (bytes: Uint8Array) => Buffer.from(bytes).toString()

async function openConsole(person: TestUser) {
  const line = await connectConsole({ key: person.key, token: (await requestToken(person)).token })
  if (typeof line === 'string') throw new Error(line)
  return line
}

it('replays what was said, carries what is typed, and shows the same to everybody who looks', async () => {
  const [one, two] = [await openConsole(ada), await openConsole(ada)]
  expect(outputs.get(one)).toMatch(/\S/)
  one.emit('input', Buffer.from('echo $((6*7))\r'))
  for (const line of [one, two]) await expect.poll(() => outputs.get(line)).toMatch(/^42\r?$/m)
  one.disconnect()
  const again = await openConsole(ada)
  expect(outputs.get(again)).toMatch(/^42\r?$/m)
})

it('a line stays over a restart, and shows the start', async () => {
  const line = await openConsole(ada)
  const hears = (event: 'ended' | 'recording') =>
    new Promise<void>((resolve) => line.once(event, () => resolve()))
  const power = async (action: 'stop' | 'start') => {
    await ada.fetch(`/api/v1/machines/${machine.id}/${action}`, { method: 'POST' })
  }
  let heard = hears('ended')
  await power('stop')
  await heard
  heard = hears('recording')
  await expect.poll(async () => (await fetchMachine()).state, { timeout: 20_000 }).toBe('stopped')
  await power('start')
  await heard
  await expect.poll(async () => (await fetchMachine()).state, { timeout: 20_000 }).toBe('running')
  line.emit('input', Buffer.from('echo $((7*9))\r'))
  await expect.poll(() => outputs.get(line)).toMatch(/^63\r?$/m)
})

it('a token is used once, also by two at the same moment', async () => {
  const { token } = await requestToken(ada)
  const tries = await Promise.all([1, 2, 3].map(() => connectConsole({ key: ada.key, token })))
  expect(tries.filter((line) => line === 'refused')).toHaveLength(2)
})

it('an old token opens nothing', async () => {
  const { token } = await requestToken(ada)
  await database.db.consoleToken.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  expect(await connectConsole({ key: ada.key, token })).toBe('refused')
})

it('a stranger gets neither a token nor in with somebody else’s', async () => {
  expect((await requestToken(eve)).status).toBe(404)
  const { token } = await requestToken(ada)
  expect(await connectConsole({ key: eve.key, token })).toBe('refused')
  expect(await connectConsole({ key: 'nobody', token })).toBe('refused')
})

it('a page of another site is refused, whatever it brings', async () => {
  const { token } = await requestToken(ada)
  expect(await connectConsole({ key: ada.key, token, origin: 'https://evil.example' })).toBe('refused')
  expect(
    typeof (await connectConsole({ key: ada.key, token: (await requestToken(ada)).token, origin: web.url })),
  ).toBe('object')
})

it('is closed once the key it was opened with is taken back', async () => {
  const key = await web.createKey(ada.email)
  const line = await connectConsole({ key, token: (await requestToken(ada)).token })
  if (typeof line === 'string') throw new Error(line)
  const closed = new Promise((resolve) => line.once('disconnect', resolve))
  await database.db.apikey.updateMany({ where: { start: key.slice(0, 6) }, data: { enabled: false } })
  expect(await closed).toBe('io server disconnect')
})

it('the token is stored as a hash', async () => {
  const { token } = await requestToken(ada)
  const rows = await database.db.consoleToken.findMany()
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(token)
})

it('the endpoint of the worker refuses whoever lacks the secret', async () => {
  const { consoleUrl } = await database.db.machineHost.findFirstOrThrow()
  expect(new URL(consoleUrl).hostname).toBe('127.0.0.1')
  const line = io(consoleUrl, {
    path: HOST_CONSOLE_PATH,
    transports: ['websocket'],
    reconnection: false,
    auth: { token: `${Date.now() + 30_000}.${'0'.repeat(64)}`, machineId: machine.id },
  })
  const error = await new Promise<Error>((resolve) => line.once('connect_error', resolve))
  line.disconnect()
  expect(error.message).toBe('refused')
})

it('every door to somebody else’s machine is as absent as one that never was', async () => {
  const at = `/api/v1/machines/${machine.id}`
  const body = JSON.stringify({ name: 'mine', size: 'small' })
  const doors = [
    ['GET', at],
    ['PATCH', at],
    ['DELETE', at],
    ...['start', 'stop', 'reboot', 'resize', 'snapshots', 'console'].map((door) => ['POST', `${at}/${door}`]),
    ['GET', `${at}/events`],
  ] as [string, string][]
  for (const [method, door] of doors) {
    const answer = await eve.fetch(door, method === 'GET' ? {} : { method, body })
    expect(`${method} ${door}: ${answer.status}`).toBe(`${method} ${door}: 404`)
    expect(((await answer.json()) as { code: string }).code).toBe('machine.not_found')
  }
  const { machines } = (await (await eve.fetch('/api/v1/machines')).json()) as { machines: unknown[] }
  expect(machines).toEqual([])
  expect(await fetchMachine()).toMatchObject({ name: 'box', state: 'running' })
})

it('what is asked for wrongly is told as a problem', async () => {
  const order = (body: object, key?: string) =>
    ada.fetch('/api/v1/machines', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: key ? { 'idempotency-key': key } : {},
    })
  const wrong = await order({ name: '$(reboot)' })
  expect(wrong.status).toBe(400)
  expect(wrong.headers.get('content-type')).toContain('application/problem+json')
  expect(await wrong.json()).toMatchObject({ code: 'request.invalid' })
  expect(await (await order({ image: 'nothing' })).json()).toMatchObject({ code: 'machine.image_unknown' })
  const twice = await Promise.all([order({ name: 'twice' }, 'k'), order({ name: 'twice' }, 'k')])
  const answers = (await Promise.all(twice.map((answer) => answer.json()))) as CreateMachineResponse[]
  expect(answers[0]).toMatchObject({ machine: { id: answers[1]!.machine.id }, order: answers[1]!.order })
})
