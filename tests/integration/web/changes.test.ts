import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Changes } from '@/app/server/changes'
import { createOwner, useDatabase } from '@/tests/support/database'
import { networkTo } from '@/tests/support/network'

const database = useDatabase()
let network: Awaited<ReturnType<typeof networkTo>>

beforeAll(async () => {
  network = await networkTo(database.url)
  const { port } = new URL(network.url)
  process.env.DATABASE_URL = Object.assign(new URL(database.url), { port }).href
})
afterAll(() => network.close())

it('hears again after a connection that fell silent, with questions in flight, and then broke', async () => {
  // Asked faster than it loses patience, so that it still waits for several answers when it gives up.
  const changes = new Changes({ everyMs: 20, patienceMs: 200 })
  const running = changes.run()
  try {
    await once(changes, 'resync')
    network.stall()
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
