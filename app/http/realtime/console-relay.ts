import type { Server, Socket } from 'socket.io'
import { io as connect, type Socket as ClientSocket } from 'socket.io-client'
import { z } from 'zod'
import { authenticate } from '@/lib/accounts/authenticate'
import { db } from '@/lib/database/db'
import { log } from '@/lib/log'
import {
  CONSOLE_NAMESPACE,
  HOST_CONSOLE_PATH,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '@/lib/machines/console-protocol'
import { redeemConsoleToken } from '@/lib/machines/console-token'
import { issueHostToken } from '@/lib/machines/host-token'
import { handshakeHeaders, disconnectWhenRevoked } from './disconnect-when-revoked'
import { isSameOriginOrApiKey } from '../middleware/same-origin'

type ConsoleSession = Awaited<ReturnType<typeof redeemConsoleToken>> & { userId: string }
type BrowserSocket = Socket<ConsoleClientEvents, ConsoleServerEvents, object, ConsoleSession>
type HostSocket = ClientSocket<ConsoleServerEvents, ConsoleClientEvents>

const tokenSchema = z.object({ token: z.string().max(200) })

/** Opens consoles to pages: whoever brings a fresh token of theirs, from a page of ours, is put through to the worker. */
export function relayConsoles(io: Server) {
  const pages = io.of(CONSOLE_NAMESPACE)
  pages.use((socket, next) => {
    authorizeConsole(socket as BrowserSocket).then(
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
    disconnectWhenRevoked(socket, (socket as BrowserSocket).data.userId)
    relayToHost(socket as BrowserSocket)
  })
}

async function authorizeConsole(page: BrowserSocket): Promise<ConsoleSession> {
  const { handshake } = page
  if (!isSameOriginOrApiKey(handshake.headers)) throw new Error('it comes from another site')
  const { token } = tokenSchema.parse(handshake.auth)
  const identity = await authenticate(handshakeHeaders(page))
  if (!identity) throw new Error('nobody is signed in')
  const userId = identity.id
  return { userId, ...(await redeemConsoleToken(db(), { token, userId })) }
}

function relayToHost(page: BrowserSocket) {
  const { machineId, consoleUrl } = page.data
  const worker: HostSocket = connect(consoleUrl, {
    path: HOST_CONSOLE_PATH,
    auth: { token: issueHostToken(machineId), machineId },
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
