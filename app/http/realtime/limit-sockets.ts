import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'socket.io'
import { authenticate } from '@/lib/accounts/authenticate'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { config } from '@/lib/config/config'
import { resolveClientIp, toClientNetwork } from '../middleware/client-ip'
import { toWebHeaders } from '../to-web-headers'

/** Sessions of one address that have not been authenticated yet. Many pages may reconnect at once. */
const MAX_ANONYMOUS = 50
const MAX_ANONYMOUS_BODY_BYTES = 64 * 1024
/** Open pages of one user, and open consoles. */
const MAX_SOCKETS = 100
const RATE_WINDOW_MS = 10_000

interface EngineSocket {
  request: IncomingMessage
  once(event: 'close', listener: () => void): void
  close(discard: boolean): void
}

const anonymous = new Semaphore(MAX_ANONYMOUS)
const sockets = new Semaphore(MAX_SOCKETS)
const releases = new WeakMap<object, () => void>()

/** Limits what clients may hold before they are authenticated: sessions of an address, and bodies of long polling. */
export function limitAnonymousSockets(io: Server) {
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
    if (!encoding && Number(length) <= MAX_ANONYMOUS_BODY_BYTES) return next()
    const refuse = (status: number) => {
      // Not chained: for an upgrade, `writeHead` returns nothing.
      response.writeHead(status, { connection: 'close' })
      response.end()
    }
    authenticate(toWebHeaders(request)).then(
      (user) => (user ? next() : refuse(401)),
      () => refuse(503),
    )
  })
  io.engine.on('connection', (socket: EngineSocket) => {
    const release = anonymous.tryAcquire(
      toClientNetwork(resolveClientIp(socket.request, config().TRUSTED_PROXIES)),
    )
    if (!release) return socket.close(true)
    releases.set(socket, release)
    socket.once('close', release)
  })
}

/**
 * Counts a socket whose user is known, until it closes. Disconnects it if it sends more than `messagesPerWindow` within
 * 10 s.
 * @throws {Error} too_many_sockets
 */
export function admitSocket(socket: Socket, userId: string, messagesPerWindow: number) {
  const release = sockets.tryAcquire(userId)
  if (!release) throw new Error('too_many_sockets')
  socket.once('disconnect', release)
  // Closed before the namespace was joined: there is no `disconnect` event.
  socket.conn.once('close', release)
  releases.get(socket.conn)?.()
  let windowEndsAt = 0
  let messages = 0
  socket.use((_message, next) => {
    if (Date.now() > windowEndsAt) {
      windowEndsAt = Date.now() + RATE_WINDOW_MS
      messages = 0
    }
    if (++messages <= messagesPerWindow) return next()
    socket.disconnect(true)
  })
}
