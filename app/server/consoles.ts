import type { Server, Socket } from 'socket.io'
import { io as connect, type Socket as ClientSocket } from 'socket.io-client'
import { z } from 'zod'
import { identify } from '@/lib/accounts/identity'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import {
  CONSOLE_NAMESPACE,
  CONSOLE_PATH,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '@/lib/machines/console-contract'
import { useConsoleToken } from '@/lib/machines/console-token'
import { giveHostToken } from '@/lib/machines/host-token'
import { headersOf, leaveWithIdentity } from './leave-with-identity'
import { isTrustedOrigin } from './trusted-origin'

type Opened = Awaited<ReturnType<typeof useConsoleToken>> & { userId: string }
type PageSocket = Socket<ConsoleClientEvents, ConsoleServerEvents, object, Opened>
type WorkerSocket = ClientSocket<ConsoleServerEvents, ConsoleClientEvents>

const tokenSchema = z.object({ token: z.string().max(200) })

/** Opens consoles to pages: whoever brings a fresh token of theirs, from a page of ours, is put through to the worker. */
export function relayConsoles(io: Server) {
  const pages = io.of(CONSOLE_NAMESPACE)
  pages.use((socket, next) => {
    open(socket as PageSocket).then(
      (opened) => {
        Object.assign(socket.data, opened)
        next()
      },
      (error: unknown) => {
        log.info({ err: error }, 'a console was refused')
        next(new Error('refused'))
      },
    )
  })
  pages.on('connection', (socket) => {
    leaveWithIdentity(socket, (socket as PageSocket).data.userId)
    putThrough(socket as PageSocket)
  })
}

async function open(page: PageSocket): Promise<Opened> {
  const { handshake } = page
  if (!isTrustedOrigin(handshake.headers)) throw new Error('it comes from another site')
  const { token } = tokenSchema.parse(handshake.auth)
  const identity = await identify(headersOf(page))
  if (!identity) throw new Error('nobody is signed in')
  const userId = identity.id
  return { userId, ...(await useConsoleToken(db(), { token, userId })) }
}

function putThrough(page: PageSocket) {
  const { machineId, consoleUrl } = page.data
  const worker: WorkerSocket = connect(consoleUrl, {
    path: CONSOLE_PATH,
    auth: { token: giveHostToken(machineId), machineId },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  // The page comes back by itself, with a new token.
  const hangUp = () => page.disconnect()
  worker.on('connect_error', hangUp)
  worker.on('disconnect', hangUp)
  page.on('disconnect', () => worker.disconnect())
  worker.on('recording', (bytes, pieces) => page.emit('recording', bytes, pieces))
  worker.on('output', (bytes, shown) => page.emit('output', bytes, shown))
  worker.on('skipped', (bytes) => page.emit('skipped', bytes))
  worker.on('usage', (usage) => page.emit('usage', usage))
  worker.on('viewers', (count) => page.emit('viewers', count))
  worker.on('ended', () => page.emit('ended'))
  page.on('input', (bytes) => worker.emit('input', bytes))
  page.on('resize', (size) => worker.emit('resize', size))
}
