import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLiveStore } from '@/app/live/store'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { ClientEvents, ServerEvents, Snapshot } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let user: Awaited<ReturnType<Web['createUser']>>
let socket: Socket<ServerEvents, ClientEvents>

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  user = await web.createUser('ada@example.com')
  socket = await connect()
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

it('sends each page changes in its language', async () => {
  const german = await connect({ 'accept-language': 'de-AT,en;q=0.5' })
  const texts = [socket, german].map((page) => {
    const message = Promise.withResolvers<string>()
    page.once('notification', (notification) => message.resolve(notification.message))
    return message.promise
  })
  const { id: ownerId } = await database.db.user.findUniqueOrThrow({ where: { email: user.email } })
  await database.db.notification.create({
    data: {
      ownerId,
      event: 'machine.ready',
      eventKey: 'machine.ready/harbour',
      title: 'harbour',
      href: '/machines',
      isInApp: true,
    },
  })
  expect(await Promise.all(texts)).toEqual(['harbour is ready', 'harbour ist bereit'])
  const snapshot: Snapshot = await german.timeout(10_000).emitWithAck('sync', {})
  expect(snapshot.notifications.map(({ message }) => message)).toEqual(['harbour ist bereit'])
  german.disconnect()
})

async function connect(headers: Record<string, string> = {}) {
  const page: typeof socket = io(web.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { authorization: `Bearer ${user.key}`, ...headers },
  })
  await once(page as never, 'connect')
  return page
}
