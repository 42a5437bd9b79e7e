import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { openEventStream } from '@/tests/support/event-stream'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let ownerId: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  ownerId = (await database.db.user.findUniqueOrThrow({ where: { email: ada.email } })).id
})
afterAll(() => web.stop())

const openStream = (query = '', headers: Record<string, string> = {}, key = ada.key) =>
  openEventStream(`${web.url}/api/v1/events${query}`, { authorization: `Bearer ${key}`, ...headers })
const createTask = (data: { kind?: string; stage?: string; ownerId?: string } = {}) =>
  database.db.task.create({
    data: { ownerId, kind: 'video.inspect', queue: 'none', payload: {}, maxAttempts: 1, ...data },
  })
const updateTask = (id: string, data: object) => database.db.task.update({ where: { id }, data })
const DONE_FIELDS = { state: 'done', progress: 1, finishedAt: new Date() } as const

/** Waits until no transaction older than the row's last change is running, including in other databases of this server. */
const waitUntilCommitted = (id: string) =>
  expect
    .poll(async () => {
      const [row] = await database.db.$queryRaw<{ isPast: boolean }[]>`
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > "changedIn" AS "isPast"
        FROM task WHERE id = ${id}::uuid`
      return row!.isPast
    })
    .toBe(true)

it('sends unfinished tasks, then every change, of the own user only', async () => {
  const [open, finished] = [await createTask(), await createTask()]
  await updateTask(finished.id, DONE_FIELDS)
  await waitUntilCommitted(finished.id)
  const stream = await openStream()
  await expect.poll(() => stream.findLatest(open.id)?.state).toBe('queued')
  const eve = await web.createUser('eve@example.com')
  const { id: eveId } = await database.db.user.findUniqueOrThrow({ where: { email: eve.email } })
  const hers = await createTask({ ownerId: eveId })
  await updateTask(open.id, { state: 'in_progress', progress: 0.5 })
  await expect.poll(() => stream.findLatest(open.id)).toMatchObject({ state: 'in_progress', progress: 0.5 })
  await updateTask(open.id, DONE_FIELDS)
  await expect.poll(() => stream.findLatest(open.id)?.state).toBe('done')
  expect([stream.findLatest(hers.id), stream.findLatest(finished.id)]).toEqual([undefined, undefined])
  await database.db.task.delete({ where: { id: open.id } })
  await expect.poll(() => stream.events.at(-1)).toMatchObject({ name: 'gone', data: { id: open.id } })
  await stream.disconnect()
})

it('resumes with the latest state of exactly the rows that changed during the interruption', async () => {
  const tasks = await Promise.all(Array.from({ length: 450 }, () => createTask()))
  const stream = await openStream()
  await expect.poll(() => stream.events.length).toBeGreaterThanOrEqual(450)
  await updateTask(tasks[0]!.id, { stage: 'before disconnecting' })
  await expect.poll(() => stream.findLatest(tasks[0]!.id)?.stage).toBe('before disconnecting')
  const { changedIn } = await database.db.task.findUniqueOrThrow({ where: { id: tasks[0]!.id } })
  // The cursor moves on once no older transaction is running, including in other databases of this server.
  await expect
    .poll(async () => {
      await updateTask(tasks[1]!.id, { stage: 'again' })
      return BigInt(stream.lastId.split('.')[0] || 0) > changedIn
    })
    .toBe(true)
  await stream.disconnect()
  const changed = tasks.slice(10, 420)
  // More than a page of one transaction, and a transaction that begins before others and ends after them.
  await database.db.task.updateMany({
    where: { id: { in: changed.slice(0, 300).map(({ id }) => id) } },
    data: DONE_FIELDS,
  })
  const slow = Promise.withResolvers<void>()
  const isChanged = Promise.withResolvers<void>()
  const late = database.db.$transaction(async (tx) => {
    await tx.task.update({ where: { id: changed[409]!.id }, data: DONE_FIELDS })
    isChanged.resolve()
    await slow.promise
  })
  await isChanged.promise
  for (const { id } of changed.slice(300, 409)) await updateTask(id, DONE_FIELDS)

  const again = await openStream('', { 'last-event-id': stream.lastId })
  const early = changed.slice(0, 409)
  await expect.poll(() => early.filter(({ id }) => again.findLatest(id)?.state !== 'done')).toEqual([])
  await again.disconnect()
  slow.resolve()
  await late
  const third = await openStream(`?lastEventId=${again.lastId}`)
  await expect.poll(() => third.findLatest(changed[409]!.id)?.state).toBe('done')
  expect(again.findLatest(tasks[0]!.id)).toBeUndefined()
  expect(again.findLatest(tasks[430]!.id)).toBeUndefined()
  await third.disconnect()
})

it('resumes after the web process was killed', { tags: 'full' }, async () => {
  const task = await createTask()
  const stream = await openStream()
  await expect.poll(() => stream.findLatest(task.id)).toBeDefined()
  await expect.poll(() => stream.lastId).not.toBe('')
  await web.crashAndRestart()
  await expect.poll(() => stream.isEnded).toBe(true)
  await updateTask(task.id, DONE_FIELDS)
  const again = await openStream('', { 'last-event-id': stream.lastId })
  await expect.poll(() => again.findLatest(task.id)?.state).toBe('done')
  await again.disconnect()
})

it('filters by task or by kind', async () => {
  const [one, other] = [await createTask(), await createTask({ kind: 'video.transcode' })]
  await updateTask(one.id, DONE_FIELDS)
  const ofOne = await openStream(`?taskId=${one.id}`)
  const ofKind = await openStream('?kind=video.transcode')
  await expect.poll(() => ofOne.findLatest(one.id)?.state).toBe('done')
  await expect.poll(() => ofKind.findLatest(other.id)).toBeDefined()
  await updateTask(other.id, { stage: 'changed' })
  await expect.poll(() => ofKind.findLatest(other.id)?.stage).toBe('changed')
  expect(ofOne.events).toHaveLength(1)
  expect(new Set(ofKind.events.map(({ data }) => data.kind))).toEqual(new Set(['video.transcode']))
  await Promise.all([ofOne.disconnect(), ofKind.disconnect()])
})

it('refuses unknown keys and cursors, and ends when the key is revoked', async () => {
  expect((await openStream('', {}, 'unknown')).status).toBe(401)
  expect((await openStream('', { 'last-event-id': 'yesterday' })).status).toBe(400)
  const key = await web.createKey(ada.email)
  const stream = await openStream('', {}, key)
  expect(stream.status).toBe(200)
  await database.db.apikey.updateMany({ where: { start: key.slice(0, 6) }, data: { enabled: false } })
  await expect.poll(() => stream.isEnded, { timeout: 15_000 }).toBe(true)
})

it('counts no stream for a client that disconnects during authentication', async () => {
  const { hostname, port } = new URL(web.url)
  const request = `GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.key}\r\n\r\n`
  await Promise.all(
    Array.from({ length: 60 }, async () => {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(request, () => socket.destroy())
      await once(socket, 'close')
    }),
  )
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStream()))
  expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200))
  await Promise.all(streams.map((stream) => stream.disconnect()))
})

it('counts no stream for a stalled client whose key is revoked', { tags: 'full' }, async () => {
  const bea = await web.createUser('bea@example.com')
  const { id } = await database.db.user.findUniqueOrThrow({ where: { email: bea.email } })
  // More than the socket buffers for a slow reader.
  const stage = 'x'.repeat(1e6)
  await Promise.all(Array.from({ length: 30 }, () => createTask({ ownerId: id, stage })))
  const { hostname, port } = new URL(web.url)
  const stalled = connect(Number(port), hostname)
  stalled.on('error', () => undefined)
  stalled.write(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bea.key}\r\n\r\n`)
  const key = await web.createKey(bea.email)
  const others = await Promise.all(Array.from({ length: 19 }, () => openStream('?kind=none', {}, key)))
  expect((await openStream('?kind=none', {}, key)).status).toBe(429)
  await database.db.apikey.updateMany({ where: { start: bea.key.slice(0, 6) }, data: { enabled: false } })
  const another = async () => {
    const stream = await openStream('?kind=none', {}, key)
    others.push(stream)
    return stream.status
  }
  // Before the next heartbeat, which would detect it as well.
  await expect.poll(another, { timeout: 10_000, interval: 200 }).toBe(200)
  stalled.destroy()
  await Promise.all(others.map((stream) => stream.disconnect()))
})
