import * as messages from '@/lib/generated/messages/http-errors'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import proxyAddr from 'proxy-addr'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { config } from '@/lib/config/config'
import { AppError } from '@/lib/errors'
import { sendProblem } from '../problem-details'
import { resolveClientIp, toClientNetwork } from './client-ip'

/** Time limit of the headers of a request, and of a connection until its first request. */
const HEADERS_TIMEOUT_MS = 15_000
const CHECK_INTERVAL_MS = 5_000
/** Connections on which nothing is sent or received for this long are closed. */
const IDLE_TIMEOUT_MS = 10 * 60 * 1000

/** Options of the HTTP server. The time for a body is limited where it is received: uploads may take hours. */
export const SERVER_OPTIONS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: 0,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
}

/**
 * Limits the connections of a client address to CONNECTIONS_PER_ADDRESS. Connections from trusted proxies are not limited;
 * behind them, the concurrent requests of each client are. Returns whether a request may proceed; if not, it is answered
 * with 429.
 */
export function limitConnections(http: Server) {
  const { CONNECTIONS_PER_ADDRESS, TRUSTED_PROXIES } = config()
  const connections = new Semaphore(CONNECTIONS_PER_ADDRESS)
  const isProxy = proxyAddr.compile([...TRUSTED_PROXIES])
  http.timeout = IDLE_TIMEOUT_MS
  http.on('connection', (socket) => {
    const { remoteAddress } = socket
    if (!remoteAddress || isProxy(remoteAddress, 0)) return
    const release = connections.tryAcquire(toClientNetwork(remoteAddress))
    if (release) socket.once('close', release)
    else socket.destroy()
  })
  const acquire = (request: IncomingMessage) => {
    const { remoteAddress } = request.socket
    const address = resolveClientIp(request, TRUSTED_PROXIES)
    const isForwarded = remoteAddress && isProxy(remoteAddress, 0) && !isProxy(address, 0)
    return isForwarded ? connections.tryAcquire(toClientNetwork(address)) : () => {}
  }
  http.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const release = acquire(request)
    if (release) socket.once('close', release)
    else socket.destroy()
  })
  return (request: IncomingMessage, response: ServerResponse) => {
    const release = acquire(request)
    if (release) response.once('close', release)
    else void sendProblem(response, tooManyConnectionsError(), { connection: 'close' })
    return release !== null
  }
}

const tooManyConnectionsError = () =>
  new AppError({
    code: 'request.too_many_connections',
    message: messages.tooManyConnections(),
    status: 429,
  })
