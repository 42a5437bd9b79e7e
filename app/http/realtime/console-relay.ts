import type { Server, Socket } from 'socket.io'
import { io as connect, type Socket as ClientSocket } from 'socket.io-client'
import { z } from 'zod'
import { authenticate } from '@/lib/accounts/authenticate'
import { requireScope } from '@/lib/accounts/scopes'
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
import { isSameOriginOrApiKey } from '../middleware/same-origin'
import { toWebHeaders } from '../to-web-headers'
import { disconnectWhenRevoked } from './disconnect-when-revoked'
import { admitSocket } from './limit-sockets'

type ConsoleSession = Awaited<ReturnType<typeof redeemConsoleToken>> & { userId: string }
type PageSocket = Socket<ConsoleClientEvents, ConsoleServerEvents>
type BrowserSocket = Socket<ConsoleClientEvents, ConsoleServerEvents, object, ConsoleSession>
type HostSocket = ClientSocket<ConsoleServerEvents, ConsoleClientEvents>

/** Each key press is a message. */
const MESSAGES_PER_WINDOW = 2_000

const tokenSchema = z.object({ token: z.string().max(200) })

/** Relays consoles between pages and the workers on the machines' hosts. A page needs a fresh console token of its user. */
export function relayConsoles(io: Server) {
  const namespace = io.of(CONSOLE_NAMESPACE)
  namespace.use((socket, next) => {
    authorizeConsole(socket as BrowserSocket).then(
      (session) => {
        Object.assign(socket.data, session)
        next()
      },
      (error: unknown) => {
        log.info({ err: error }, 'console connection refused')
        next(new Error('refused'))
      },
    )
  })
  namespace.on('connection', (socket) => {
    const { userId, ...target } = (socket as BrowserSocket).data
    disconnectWhenRevoked(socket, userId)
    const { page, worker } = relayToHost(socket, target)
    worker.on('usage', (usage) => page.emit('usage', usage))
    page.on('input', (bytes) => worker.emit('input', bytes))
    page.on('resize', (size) => worker.emit('resize', size))
  })
}

async function authorizeConsole(page: BrowserSocket): Promise<ConsoleSession> {
  const { handshake } = page
  if (!isSameOriginOrApiKey(handshake.headers)) throw new Error('the page has another origin')
  const { token } = tokenSchema.parse(handshake.auth)
  const user = await authenticate(toWebHeaders(handshake))
  if (!user) throw new Error('not signed in')
  requireScope(user, 'machines')
  const userId = user.id
  admitSocket(page, userId, MESSAGES_PER_WINDOW)
  return { userId, ...(await redeemConsoleToken(db(), { token, userId })) }
}

interface ConsoleTarget {
  machineId: string
  consoleUrl: string
  /** The link of the viewer, whose viewers the host counts. */
  shareId?: string
}

/** Relays the output of a console to a page. What the page sends is up to the caller. */
export function relayToHost(socket: Socket, { machineId, consoleUrl, shareId }: ConsoleTarget) {
  const page: PageSocket = socket
  const worker: HostSocket = connect(consoleUrl, {
    path: HOST_CONSOLE_PATH,
    auth: { token: issueHostToken(machineId), machineId, shareId },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  // The page reconnects with a new token.
  const disconnect = () => page.disconnect()
  worker.on('connect_error', ({ message }) => {
    if (message === 'full') page.emit('full')
    disconnect()
  })
  worker.on('disconnect', disconnect)
  page.on('disconnect', () => worker.disconnect())
  worker.on('recording', (bytes, chunks) => page.emit('recording', bytes, chunks))
  worker.on('output', (bytes, shown) => page.emit('output', bytes, shown))
  worker.on('skipped', (bytes) => page.emit('skipped', bytes))
  worker.on('viewers', (count) => page.emit('viewers', count))
  worker.on('size', (size) => page.emit('size', size))
  worker.on('ended', () => page.emit('ended'))
  return { page, worker }
}
