import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import { authenticate } from '@/lib/accounts/authenticate'
import { recordPresence } from '@/lib/accounts/record-presence'
import { hasScope } from '@/lib/accounts/scopes'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { db } from '@/lib/database/db'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { log } from '@/lib/log'
import { changesSince } from '@/lib/realtime/changes-since'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import { knownVersionsSchema, seenTaskIdsSchema } from '@/lib/realtime/schema'
import { markTasksSeen } from '@/lib/tasks/mark-tasks-seen'
import { setClientIp } from '../middleware/client-ip'
import { findRequestLocale } from '@/lib/http/request-locale'
import { isCrossOrigin } from '../middleware/same-origin'
import { toWebHeaders } from '../to-web-headers'
import { batchChanges } from './batch-changes'
import type { ChangeFeed } from './change-feed'
import { relayConsoles } from './console-relay'
import { disconnectWhenRevoked } from './disconnect-when-revoked'
import { admitSocket, limitAnonymousSockets } from './limit-sockets'
import { type LiveServer, type LiveSocket, localeRoom } from './live-server'
import { publishEstimates } from './send-estimates'
import { sendQueuePositions, watchTakenQueues } from './send-queue-positions'
import { relaySharedConsoles } from './shared-console-relay'
import { throttle } from './throttle'

const POSITIONS_INTERVAL_MS = 1_000
/** Of a page, which sends a few at a time. */
const MESSAGES_PER_WINDOW = 100
/** Snapshots that are read for one user at a time; further ones wait. */
const MAX_SYNCS = 2
const syncs = new Semaphore(MAX_SYNCS)

/**
 * Sends every open page the changes to its user's rows. Events carry whole rows with their versions. Call it after all
 * other `request` listeners of `http` are registered: Socket.IO takes its own path before them.
 */
export function startSocketServer(http: HttpServer, changes: ChangeFeed) {
  const io: LiveServer = new Server(http, {
    path: SOCKET_PATH,
    serveClient: false,
    transports: ['websocket', 'polling'],
    // Socket.IO destroys upgrades that it does not handle; those to machine ports may take a while to open.
    destroyUpgradeTimeout: 30_000,
    // For a client that does not authenticate.
    connectTimeout: 10_000,
  })
  io.engine.use((request: IncomingMessage, _response: unknown, next: () => void) => {
    setClientIp(request)
    next()
  })
  limitAnonymousSockets(io)
  io.use(authenticateSocket)
  io.on('connection', handleConnection)
  relayConsoles(io)
  relaySharedConsoles(io, changes)
  const requestPositions = throttle(POSITIONS_INTERVAL_MS, () => sendQueuePositions(io))
  watchTakenQueues(requestPositions)
  publishEstimates(io)
  changes.on('change', batchChanges(io, requestPositions))
  changes.on('resync', () => io.emit('resync'))
  return io
}

function authenticateSocket(socket: LiveSocket, next: (error?: Error) => void) {
  if (isCrossOrigin(socket.handshake.headers)) return next(new Error('foreign_page'))
  authenticate(toWebHeaders(socket.handshake))
    .then((user) => {
      if (!user) return next(new Error('sign_in_required'))
      if (!hasScope(user, 'read')) return next(new Error('scope_missing'))
      admitSocket(socket, user.id, MESSAGES_PER_WINDOW)
      socket.data = { ownerId: user.id, locale: findRequestLocale(socket.handshake) }
      next()
    })
    .catch((error: unknown) => next(error as Error))
}

async function handleConnection(socket: LiveSocket) {
  const { ownerId, locale } = socket.data
  disconnectWhenRevoked(socket, ownerId)
  // Joins the room before anything is read, so that no later change is missed.
  await socket.join([ownerId, localeRoom(socket.data)])
  socket.on('sync', (known, respond) => {
    const versions = knownVersionsSchema.safeParse(known)
    if (!versions.success || typeof respond !== 'function') return
    syncs
      .run(
        ownerId,
        async () =>
          socket.connected &&
          respond(await runWithLocale(locale, () => changesSince(db(), { ownerId, known: versions.data }))),
      )
      .catch((error: unknown) => log.warn({ err: error }, 'could not answer a sync'))
  })
  socket.on('present', (respond) => {
    if (typeof respond !== 'function') return
    recordPresence(db(), ownerId)
      .then(respond)
      .catch((error: unknown) => log.warn({ err: error }, 'could not record the presence of a user'))
  })
  socket.on('seen', (seen) => {
    const ids = seenTaskIdsSchema.safeParse(seen)
    if (!ids.success) return
    markTasksSeen(db(), { ownerId, ids: ids.data }).catch((error: unknown) =>
      log.warn({ err: error }, 'could not mark tasks as seen'),
    )
  })
}
