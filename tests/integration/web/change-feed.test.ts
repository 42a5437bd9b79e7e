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

it('hears again after a connection that fell silent, with questions in flight, and then broke', async () => {
  // Asked faster than it loses patience, so that it still waits for several answers when it gives up.
  const changes = new ChangeFeed({ everyMs: 20, patienceMs: 200 })
  const running = changes.run()
  try {
    await once(changes, 'resync')
    proxy.stall()
    // Gives up, and finds a way that works.
    await once(changes, 'resync')
    const { id: ownerId } = await createOwner(database.db)
    const heard = once(changes, 'change')
    const data = { ownerId, kind: 'video.inspect', queue: 'none', payload: {}, maxAttempts: 1 }
    const task = await database.db.task.create({ data })
    expect((await heard)[0]).toMatchObject({ type: 'task', id: task.id, ownerId })
  } finally {
    await changes.close()
    await running
  }
})
