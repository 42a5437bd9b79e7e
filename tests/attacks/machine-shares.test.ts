// Over 200 lines because all attacks on links to consoles use one app with one machine.

import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { io, type Socket } from 'socket.io-client'
import { WebSocket } from 'ws'
import type { KeyWithSecret } from '@/lib/accounts/key-schema'
import {
  CONSOLE_NAMESPACE,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
  type ConsoleSize,
  SHARED_CONSOLE_NAMESPACE,
} from '@/lib/machines/console-protocol'
import type { MachineDto, MachineEventDto } from '@/lib/machines/schema'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { MachineShareDto } from '@/lib/shares/schema'
import type { TestUser } from '@/tests/support/accounts'
import { createRunningMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { createPlayableVideo, createShareClient } from '@/tests/support/shared-video-fixture'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

type ConsoleSocket = Socket<ConsoleServerEvents, ConsoleClientEvents>

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let ada: TestUser
let eve: TestUser
let machine: MachineDto
let client: ReturnType<typeof createShareClient>
const sockets: ConsoleSocket[] = []

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  worker = await startWorker(web)
  machine = await createRunningMachine(ada, 'box')
  client = createShareClient(web, ada)
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect()
})

interface Connection {
  socket: ConsoleSocket
  output(): string
}

/** @returns the connection once it has the recording, or why there is none */
function connect(namespace: string, auth: object, headers = {}): Promise<Connection | string> {
  const socket: ConsoleSocket = io(web.url + namespace, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth,
    extraHeaders: headers,
  })
  sockets.push(socket)
  let output = ''
  const add = (bytes: Uint8Array) => void (output += Buffer.from(bytes).toString())
  return new Promise((resolve) => {
    socket.once('recording', (bytes) => {
      add(bytes)
      resolve({ socket, output: () => output })
    })
    socket.on('output', (bytes, acknowledge) => {
      add(bytes)
      acknowledge()
    })
    socket.once('full', () => resolve('full'))
    socket.once('connect_error', ({ message }) => resolve(message))
  })
}

async function watch(grant: string) {
  const connection = await connect(SHARED_CONSOLE_NAMESPACE, { grant })
  if (typeof connection === 'string') throw new Error(connection)
  return connection
}

async function openOwnConsole() {
  const response = await ada.fetch(`/api/v1/machines/${machine.id}/console`, { method: 'POST' })
  const { token } = (await response.json()) as { token: string }
  const connection = await connect(CONSOLE_NAMESPACE, { token }, { authorization: `Bearer ${ada.key}` })
  if (typeof connection === 'string') throw new Error(connection)
  return connection
}

const type = ({ socket }: Connection, line: string) => socket.emit('input', Buffer.from(`${line}\n`))
const lineOf = (text: string) => new RegExp(`\\n${text}\\r`)

/** A viewer that speaks the protocol by itself. */
async function connectRaw(grant: string) {
  const socket = new WebSocket(`${web.url.replace('http', 'ws')}${SOCKET_PATH}/?EIO=4&transport=websocket`)
  const received: string[] = []
  socket.on('message', (bytes: Buffer) => {
    const text = bytes.toString()
    received.push(text)
    if (text === '2') socket.send('3')
  })
  await once(socket, 'open')
  socket.send(`40${SHARED_CONSOLE_NAMESPACE},${JSON.stringify({ grant })}`)
  await expect.poll(() => received.join('\n')).toContain(`40${SHARED_CONSOLE_NAMESPACE}`)
  return {
    socket,
    received,
    sendInput(namespace: string, bytes: Buffer) {
      socket.send(`451-${namespace},["input",{"_placeholder":true,"num":0}]`)
      socket.send(bytes)
    },
  }
}

describe('a link to watch', () => {
  it('shows what was printed and what is printed, and passes nothing on that its viewer sends', async () => {
    const owner = await openOwnConsole()
    type(owner, 'echo $((40+1))')
    await expect.poll(owner.output).toMatch(lineOf('41'))
    const { grant } = await client.shareConsole(machine.id)
    const viewer = await watch(grant)
    expect(viewer.output()).toMatch(lineOf('41'))
    const raw = await connectRaw(grant)
    for (const namespace of [SHARED_CONSOLE_NAMESPACE, CONSOLE_NAMESPACE, '/'])
      raw.sendInput(namespace, Buffer.from('echo intruder\n'))
    type(viewer, 'echo intruder')
    // What was sent before has arrived when this has.
    await expect.poll(() => raw.socket.readyState === WebSocket.CLOSED || raw.received.length > 2).toBe(true)
    type(owner, 'echo $((6*7))')
    await expect.poll(viewer.output).toMatch(lineOf('42'))
    const again = await watch(grant)
    for (const { output } of [owner, viewer, again]) expect(output()).not.toContain('intruder')
    raw.socket.terminate()
  })

  it('follows the window size of the owner, and does not set it', async () => {
    const owner = await openOwnConsole()
    const sizes: ConsoleSize[] = []
    owner.socket.on('size', (size) => void sizes.push(size))
    owner.socket.emit('resize', { columns: 101, rows: 33 })
    const { grant } = await client.shareConsole(machine.id, { isTypingAllowed: true })
    const seen: ConsoleSize[] = []
    const viewer = await watch(grant)
    viewer.socket.on('size', (size) => void seen.push(size))
    viewer.socket.emit('resize', { columns: 7, rows: 7 })
    type(viewer, 'echo $((50+1))')
    await expect.poll(owner.output).toMatch(lineOf('51'))
    owner.socket.emit('resize', { columns: 102, rows: 34 })
    await expect.poll(() => seen).toEqual([{ columns: 102, rows: 34 }])
    expect(sizes).toEqual([])
  })
})

it('a link to type reaches the console of its machine, and nothing else', async () => {
  const owner = await openOwnConsole()
  const { grant, token } = await client.shareConsole(machine.id, { isTypingAllowed: true })
  type(await watch(grant), 'echo $((60+1))')
  await expect.poll(owner.output).toMatch(lineOf('61'))
  for (const bearer of [token, grant]) {
    const headers = { authorization: `Bearer ${bearer}`, cookie: `share=${bearer}` }
    for (const [method, at] of [
      ['GET', `/api/v1/machines/${machine.id}`],
      ['GET', `/api/v1/machines/${machine.id}/shares`],
      ['POST', `/api/v1/machines/${machine.id}/stop`],
      ['POST', `/api/v1/machines/${machine.id}/console`],
      ['GET', `/machines/${machine.id}/ports/80/`],
      ['DELETE', `/api/v1/machines/${machine.id}`],
    ] as const)
      expect((await fetch(web.url + at, { method, headers, redirect: 'manual' })).status, at).not.toBe(200)
    expect(await connect(CONSOLE_NAMESPACE, { token: bearer, grant: bearer })).toBe('refused')
    expect(await client.statusOf(`/media/shares/${bearer}/poster.jpg`)).toBe(404)
  }
  expect(await client.statusOf(`/embed/${token}`)).toBe(404)
  // Neither does the link contain the id of the machine.
  expect(JSON.stringify(await client.openJson(token))).not.toContain(machine.id)
})

it('forged grants, those of other links and pages of other sites are refused', async () => {
  const { grant, token } = await client.shareConsole(machine.id)
  const other = await client.shareConsole(machine.id)
  const videoId = await createPlayableVideo({ web, db: database.db, user: ada })
  const video = await client.openJson((await client.share(videoId)).token)
  const [, expiry, nonce, signature] = grant.split('.')
  for (const forged of [
    [other.id, expiry, nonce, signature].join('.'),
    [grant.split('.')[0], String(Number(expiry) + 1), nonce, signature].join('.'),
    video.grant,
    token,
    '',
  ])
    expect(await connect(SHARED_CONSOLE_NAMESPACE, { grant: forged }), forged).toBe('refused')
  for (const auth of [{}, { grant: { not: '' } }, { grant: 'a'.repeat(1_000) }])
    expect(await connect(SHARED_CONSOLE_NAMESPACE, auth)).toBe('refused')
  const foreign = { origin: 'http://evil.example' }
  expect(await connect(SHARED_CONSOLE_NAMESPACE, { grant }, foreign)).toBe('refused')
})

it('a machine without a host is unavailable, which does not end its link', async () => {
  const { id: machineId } = await createRunningMachine(ada, 'homeless')
  const { grant } = await client.shareConsole(machineId)
  const { hostId } = await database.db.machine.findUniqueOrThrow({ where: { id: machineId } })
  const move = (to: string | null) =>
    database.db.machine.update({ where: { id: machineId }, data: { hostId: to } })
  await move(null)
  expect(await connect(SHARED_CONSOLE_NAMESPACE, { grant })).toBe('unavailable')
  await move(hostId)
  expect(typeof (await connect(SHARED_CONSOLE_NAMESPACE, { grant }))).toBe('object')
})

it('a password is needed before anything of the machine is shown', async () => {
  const password = 'correct-horse'
  const { token, grant } = await client.shareConsole(machine.id, { password })
  expect(await readProblem(await client.open(token))).toMatchObject({ code: 'share.password_required' })
  expect(await readProblem(await client.open(token, 'wrong-horse'))).toMatchObject({
    code: 'share.wrong_password',
  })
  const page = await (await fetch(`${web.url}/s/${token}`)).text()
  expect(page).toContain('This link is protected')
  expect(page).not.toContain(machine.name)
  expect(typeof (await watch(grant)).output()).toBe('string')
})

describe('an open console ends at once', () => {
  afterEach(async () => {
    const data = { disabledAt: null, canUseMachines: true }
    await database.db.user.update({ where: { email: ada.email }, data })
  })
  const endings: [string, (target: { shareId: string; machineId: string }) => Promise<unknown>][] = [
    ['its link is revoked', ({ shareId, machineId }) => client.revokeConsole({ id: shareId, machineId })],
    [
      'its machine is terminated',
      ({ machineId }) => ada.fetch(`/api/v1/machines/${machineId}`, { method: 'DELETE' }),
    ],
    [
      'its owner is disabled',
      () => database.db.user.update({ where: { email: ada.email }, data: { disabledAt: new Date() } }),
    ],
    [
      'its owner may not use machines any more',
      () => database.db.user.update({ where: { email: ada.email }, data: { canUseMachines: false } }),
    ],
    // As when the account is deleted.
    ['its machine is deleted', ({ machineId }) => database.db.machine.delete({ where: { id: machineId } })],
  ]
  it.each(endings)('when %s', async (_, end) => {
    const { id: machineId } = await createRunningMachine(ada, 'ending')
    const { id: shareId, token, grant } = await client.shareConsole(machineId, { isTypingAllowed: true })
    const { socket } = await watch(grant)
    const ended = new Promise((resolve) => socket.once('disconnect', resolve))
    await end({ shareId, machineId })
    await ended
    expect(await connect(SHARED_CONSOLE_NAMESPACE, { grant })).toBe('refused')
    expect((await client.open(token)).status).toBe(404)
  })

  it('when its link expires', async () => {
    const { id, grant } = await client.shareConsole(machine.id)
    await database.db.share.update({ where: { id }, data: { expiresAt: new Date(Date.now() + 1_500) } })
    const { socket } = await watch(grant)
    const ended = new Promise((resolve) => socket.once('disconnect', resolve))
    await ended
    expect(await connect(SHARED_CONSOLE_NAMESPACE, { grant })).toBe('refused')
  })
})

describe('limits', () => {
  it('a link admits ten viewers at a time', async () => {
    const { grant } = await client.shareConsole(machine.id)
    const viewers = await Promise.all(Array.from({ length: 10 }, () => watch(grant)))
    expect(await connect(SHARED_CONSOLE_NAMESPACE, { grant })).toBe('full')
    // The owner, and viewers of other links, are not affected.
    await openOwnConsole()
    await watch((await client.shareConsole(machine.id)).grant)
    viewers[0]!.socket.disconnect()
    await expect.poll(async () => typeof (await connect(SHARED_CONSOLE_NAMESPACE, { grant }))).toBe('object')
  })

  it('a viewer who only watches is disconnected when it sends without end', async () => {
    const viewer = await watch((await client.shareConsole(machine.id)).grant)
    const ended = new Promise((resolve) => viewer.socket.once('disconnect', resolve))
    for (let n = 0; n < 50; n++) type(viewer, 'flood')
    await ended
  })

  it('a link lasts a week at most, and a machine has at most 50', async () => {
    const { id } = await createRunningMachine(ada, 'popular')
    const create = (body: object) =>
      ada.fetch(`/api/v1/machines/${id}/shares`, { method: 'POST', body: JSON.stringify(body) })
    for (const expiresInMinutes of [0, 7 * 24 * 60 + 1, null])
      expect((await create({ expiresInMinutes })).status).toBe(400)
    const statuses = (await Promise.all(Array.from({ length: 55 }, () => create({})))).map(
      ({ status }) => status,
    )
    expect(statuses.filter((status) => status === 201)).toHaveLength(50)
    expect(statuses.filter((status) => status === 409)).toHaveLength(5)
  })
})

it('a key for machines revokes the links that it creates', async () => {
  const body = JSON.stringify({ name: 'operator', scopes: ['machines'] })
  const { key } = await ada.fetchJson<KeyWithSecret>('/api/v1/keys', { method: 'POST', body })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const at = `${web.url}/api/v1/machines/${machine.id}/shares`
  const created = await fetch(at, { method: 'POST', headers, body: '{}' })
  const { id } = (await created.json()) as MachineShareDto
  expect((await fetch(`${at}/${id}`, { method: 'DELETE', headers })).status).toBe(204)
  expect(await database.db.share.count({ where: { id } })).toBe(0)
})

it('other users neither list, create nor revoke links, and keys that only read list none', async () => {
  const { id } = await client.shareConsole(machine.id)
  const other = await createRunningMachine(ada, 'other')
  const at = `/api/v1/machines/${machine.id}/shares`
  for (const response of [
    await eve.fetch(at),
    await eve.fetch(at, { method: 'POST', body: '{}' }),
    await eve.fetch(`${at}/${id}`, { method: 'DELETE' }),
    // Neither through another machine, nor as a link to a video.
    await client.revokeConsole({ id, machineId: other.id }),
    await client.revoke(id),
    // It has no settings that can be changed.
    await ada.fetch(`/api/v1/shares/${id}`, { method: 'PATCH', body: '{"password":null}' }),
  ])
    expect(response.status).toBe(404)
  expect(await database.db.share.count({ where: { id } })).toBe(1)
})

it('the activity of the machine shows its links and their viewers', async () => {
  const { id: machineId } = await createRunningMachine(ada, 'audited')
  const { id, grant } = await client.shareConsole(machineId, { isTypingAllowed: true, expiresInMinutes: 90 })
  await watch(grant)
  await watch(grant)
  await client.revokeConsole({ id, machineId })
  const { events } = await ada.fetchJson<{ events: MachineEventDto[] }>(
    `/api/v1/machines/${machineId}/events`,
  )
  expect(events.slice(0, 3).map(({ action, actor, detail }) => [action, actor, detail])).toEqual([
    ['console link revoked', ada.email, null],
    ['shared console opened', null, 'watch and type'],
    ['console shared', ada.email, 'watch and type, for 90 min'],
  ])
})
