import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ChangeFeed } from '@/app/http/realtime/change-feed'
import { createOwner, useDatabase } from '@/tests/support/database'
import { startTcpProxy } from '@/tests/support/tcp-proxy'

const database = useDatabase()
let proxy: Awaited<ReturnType<typeof startTcpProxy>>

beforeAll(async () => {
  proxy = await startTcpProxy(database.url)
  const { port } = new URL(proxy.url)
  process.env.DATABASE_URL = Object.assign(new URL(database.url), { port }).href
})
afterAll(() => proxy.close())

it('reconnects and emits changes after its connection stalls with heartbeats in flight', async () => {
  // Heartbeats are more frequent than their timeout, so that one is unanswered when the feed reconnects.
  const changes = new ChangeFeed({ intervalMs: 20, timeoutMs: 200 })
  const running = changes.run()
  try {
    await once(changes, 'resync')
    proxy.stall()
    await once(changes, 'resync')
    const { id: ownerId } = await createOwner(database.db)
    const changed = once(changes, 'change')
    const data = { ownerId, kind: 'video.inspect', queue: 'none', payload: {}, maxAttempts: 1 }
    const task = await database.db.task.create({ data })
    expect((await changed)[0]).toMatchObject({ type: 'task', id: task.id, ownerId })
  } finally {
    await changes.close()
    await running
  }
})

it('emits each of the rows that one statement inserts, however many', async () => {
  const changes = new ChangeFeed()
  const running = changes.run()
  try {
    await once(changes, 'resync')
    const { id: ownerId } = await createOwner(database.db)
    const ids: string[] = []
    changes.on('change', ({ id }) => ids.push(id))
    const data = { ownerId, kind: 'video.inspect', queue: 'none', payload: {}, maxAttempts: 1 }
    const tasks = await database.db.task.createManyAndReturn({ data: Array.from({ length: 65 }, () => data) })
    await expect.poll(() => ids.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted())
  } finally {
    await changes.close()
    await running
  }
})
