import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLiveStore } from '@/app/live/store'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { ClientEvents, ServerEvents } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let socket: Socket<ServerEvents, ClientEvents>

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  const { key } = await web.createUser('ada@example.com')
  socket = io(web.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${key}` },
  })
  await once(socket as never, 'connect')
})
afterAll(async () => {
  socket.disconnect()
  await web.stop()
})

it('responds to the sync of a page that knows 30,000 rows', async () => {
  const store = createLiveStore()
  const ids = Array.from({ length: 30_000 }, () => crypto.randomUUID())
  store.upsert({ tasks: ids.map((id) => ({ id, version: 1_234_567 }) as TaskDto) })
  let disconnects = 0
  socket.on('disconnect', () => disconnects++)
  for (const known of store.knownVersions())
    store.applySnapshot(await socket.timeout(10_000).emitWithAck('sync', known))
  expect(disconnects).toBe(0)
  expect(store.read().tasks.size).toBe(0)
})
