import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import { authenticate } from '@/lib/accounts/authenticate'
import { db } from '@/lib/database/db'
import { log } from '@/lib/log'
import {
  type Change,
  type ClientEvents,
  knownVersionsSchema,
  seenTaskIdsSchema,
  type ServerEvents,
  SOCKET_PATH,
} from '@/lib/realtime/schema'
import { listCaptions } from '@/lib/captions/queries'
import { listMachines } from '@/lib/machines/queries'
import { changesSince } from '@/lib/realtime/changes-since'
import { readFirstQueuePositions } from '@/lib/tasks/queue-positions'
import { toTaskDtos } from '@/lib/tasks/to-task-dto'
import { notInternalKind } from '@/lib/tasks/registry'
import { isFinished } from '@/lib/tasks/state'
import { markTasksSeen } from '@/lib/tasks/mark-tasks-seen'
import { listVideos } from '@/lib/videos/queries'
import { ChangeFeed } from './change-feed'
import { relayConsoles } from './console-relay'
import { handshakeHeaders, disconnectWhenRevoked } from './disconnect-when-revoked'
import { isCrossOrigin } from '../middleware/same-origin'

/** Changes of one row within this time are sent once, as the row is then. The first goes out at once. */
const FLUSH_INTERVAL_MS = 40
/** Places in line are told this often at most: each telling reads the whole line. */
const POSITIONS_INTERVAL_MS = 1_000
/** Places told to one person at once: those that come first. */
const POSITIONS_LIMIT = 200

type SocketServer = Server<ClientEvents, ServerEvents, object, { ownerId: string }>

/** Tells every open page of a person what changed in what that person owns. Events carry whole rows with versions. */
export function startSocketServer(http: HttpServer) {
  const io: SocketServer = new Server(http, {
    path: SOCKET_PATH,
    serveClient: false,
    transports: ['websocket', 'polling'],
    // Ports of machines are reached by upgrades as well, and may take a while to open.
    destroyUpgradeTimeout: 30_000,
  })
  io.use((socket, next) => {
    if (isCrossOrigin(socket.handshake.headers)) return next(new Error('foreign_page'))
    authenticate(handshakeHeaders(socket)).then(
      (identity) => {
        if (!identity) return next(new Error('sign_in_required'))
        socket.data.ownerId = identity.id
        next()
      },
      (error: unknown) => next(error as Error),
    )
  })
  io.on('connection', async (socket) => {
    disconnectWhenRevoked(socket, socket.data.ownerId)
    // The room is joined before anything is read: what changes from now on reaches this page.
    await socket.join(socket.data.ownerId)
    socket.on('sync', (known, answer) => {
      const versions = knownVersionsSchema.safeParse(known)
      if (!versions.success || typeof answer !== 'function') return
      changesSince(db(), { ownerId: socket.data.ownerId, known: versions.data }).then(
        answer,
        (error: unknown) => log.warn({ err: error }, 'could not answer a sync'),
      )
    })
    socket.on('seen', (seen) => {
      const ids = seenTaskIdsSchema.safeParse(seen)
      if (!ids.success) return
      markTasksSeen(db(), { ownerId: socket.data.ownerId, ids: ids.data }).catch((error: unknown) =>
        log.warn({ err: error }, 'could not note what was seen'),
      )
    })
  })
  relayConsoles(io)
  const changes = new ChangeFeed()
  const tellPositions = throttle(POSITIONS_INTERVAL_MS, () => sendQueuePositions(io))
  const dirty = batchChanges(io, tellPositions)
  changes.on('change', dirty.mark)
  changes.on('resync', () => io.emit('resync'))
  void changes.run()
  return {
    changes,
    async close() {
      await changes.close()
      await io.close()
    },
  }
}

function batchChanges(io: SocketServer, tellPositions: () => void) {
  let rows = new Map<string, Change>()
  let isFlushing = false
  const flush = async () => {
    isFlushing = true
    while (rows.size > 0) {
      const now = [...rows.values()]
      rows = new Map()
      try {
        if (await sendChanges(io, now)) tellPositions()
      } catch (error) {
        log.warn({ err: error }, 'could not send changes')
        io.emit('resync')
      }
      await new Promise((resolve) => setTimeout(resolve, FLUSH_INTERVAL_MS))
    }
    isFlushing = false
  }
  return {
    mark(change: Change) {
      // Nobody of that person is here: the page will read the row when it comes. Others may have moved up.
      if (!io.sockets.adapter.rooms.has(change.ownerId)) {
        if (change.type === 'task' && io.sockets.sockets.size > 0) tellPositions()
        return
      }
      rows.set(change.id, change)
      if (!isFlushing) void flush()
    },
  }
}

/** Resolves to whether somebody left a line, so that others moved up. */
async function sendChanges(io: SocketServer, changes: Change[]) {
  for (const { type, id, ownerId } of changes.filter((change) => change.gone))
    io.to(ownerId).emit('gone', { type, id })
  const ids = (type: Change['type']) =>
    changes.filter((change) => change.type === type && !change.gone).map((change) => change.id)
  const tasks = await db().task.findMany({ where: { id: { in: ids('task') }, kind: notInternalKind() } })
  const dtos = await toTaskDtos(db(), tasks)
  dtos.forEach((dto, n) => io.to(tasks[n]!.ownerId).emit('task', dto))
  for (const ownerId of new Set(changes.map((change) => change.ownerId))) {
    const of = (type: Change['type']) => {
      const own = changes.filter((c) => c.type === type && !c.gone && c.ownerId === ownerId)
      return { ownerId, ids: own.map((change) => change.id), limit: own.length }
    }
    const [videos, machines] = [of('video'), of('machine')]
    if (videos.limit > 0)
      for (const video of (await listVideos(db(), videos)).videos) io.to(ownerId).emit('video', video)
    if (machines.limit > 0)
      for (const machine of (await listMachines(db(), machines)).machines)
        io.to(ownerId).emit('machine', machine)
  }
  const captions = await listCaptions(db(), { id: { in: ids('caption') } })
  for (const { ownerId, ...caption } of captions) io.to(ownerId).emit('caption', caption)
  return tasks.some((task) => task.state !== 'queued' && (task.progress === 0 || isFinished(task.state)))
}

/** Does `work` at once, and again after `intervalMs` when it was asked for meanwhile. */
function throttle(intervalMs: number, work: () => Promise<void>) {
  let isResting = false
  let isAsked = false
  return function ask() {
    isAsked = true
    if (isResting) return
    isAsked = false
    isResting = true
    work()
      .catch((error: unknown) => log.warn({ err: error }, 'could not tell places in line'))
      .finally(() =>
        setTimeout(() => {
          isResting = false
          if (isAsked) ask()
        }, intervalMs).unref(),
      )
  }
}

async function sendQueuePositions(io: SocketServer) {
  const ownerIds = [...io.sockets.adapter.rooms.keys()]
  const firsts = await readFirstQueuePositions(db(), { ownerIds, limit: POSITIONS_LIMIT })
  for (const [ownerId, places] of firsts) io.to(ownerId).emit('positions', Object.fromEntries(places))
}
