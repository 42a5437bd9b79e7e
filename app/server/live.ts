import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import { identify } from '@/lib/accounts/identity'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import {
  type Change,
  type ClientEvents,
  knownSchema,
  type ServerEvents,
  SOCKET_PATH,
} from '@/lib/realtime/contract'
import { listCaptions } from '@/lib/captions/queries'
import { listMachines } from '@/lib/machines/queries'
import { newerThan } from '@/lib/realtime/snapshot'
import { placesInLine, toTaskDtos } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { Changes } from './changes'
import { relayConsoles } from './consoles'

/** Changes of one row within this time are sent once, as the row is then. The first goes out at once. */
const FLUSH_INTERVAL_MS = 40
/** Sessions end, and keys are revoked, while a connection is open. */
const IDENTIFY_INTERVAL_MS = 10_000

type Live = Server<ClientEvents, ServerEvents, object, { ownerId: string }>

/** Tells every open page of a person what changed in what that person owns. Events carry whole rows with versions. */
export function startLive(http: HttpServer) {
  const io: Live = new Server(http, {
    path: SOCKET_PATH,
    serveClient: false,
    transports: ['websocket', 'polling'],
  })
  io.use((socket, next) => {
    identify(headersOf(socket)).then(
      (identity) => {
        if (!identity) return next(new Error('sign_in_required'))
        socket.data.ownerId = identity.id
        next()
      },
      (error: unknown) => next(error as Error),
    )
  })
  io.on('connection', async (socket) => {
    const watch = setInterval(() => void leaveStranger(socket), IDENTIFY_INTERVAL_MS)
    socket.on('disconnect', () => clearInterval(watch))
    // The room is joined before anything is read: what changes from now on reaches this page.
    await socket.join(socket.data.ownerId)
    socket.on('sync', (known, answer) => {
      const versions = knownSchema.safeParse(known)
      if (!versions.success || typeof answer !== 'function') return
      newerThan(db(), { ownerId: socket.data.ownerId, known: versions.data }).then(answer, (error: unknown) =>
        log.warn({ err: error }, 'could not answer a sync'),
      )
    })
  })
  relayConsoles(io)
  const changes = new Changes()
  const dirty = dirtyRows(io)
  changes.on('change', dirty.mark)
  changes.on('resync', () => io.emit('resync'))
  void changes.run()
  return {
    async close() {
      await changes.close()
      await io.close()
    },
  }
}

/** Who signed out, or whose key was revoked, hears nothing more. */
async function leaveStranger(socket: Parameters<Parameters<Live['use']>[0]>[0]) {
  try {
    const identity = await identify(headersOf(socket))
    if (identity?.id !== socket.data.ownerId) socket.disconnect(true)
  } catch (error) {
    log.warn({ err: error }, 'could not tell whose a live connection is')
  }
}

const headersOf = (socket: { handshake: { headers: object } }) =>
  new Headers(socket.handshake.headers as Record<string, string>)

function dirtyRows(io: Live) {
  let rows = new Map<string, Change>()
  let isFlushing = false
  const flush = async () => {
    isFlushing = true
    while (rows.size > 0) {
      const now = [...rows.values()]
      rows = new Map()
      try {
        await send(io, now)
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
      // Nobody of that person is here: the page will read the row when it comes.
      if (!io.sockets.adapter.rooms.has(change.ownerId)) return
      rows.set(change.id, change)
      if (!isFlushing) void flush()
    },
  }
}

async function send(io: Live, changes: Change[]) {
  for (const { type, id, ownerId } of changes.filter((change) => change.gone))
    io.to(ownerId).emit('gone', { type, id })
  const ids = (type: Change['type']) =>
    changes.filter((change) => change.type === type && !change.gone).map((change) => change.id)
  const tasks = await db().task.findMany({ where: { id: { in: ids('task') } } })
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
  // Somebody left the line, so others moved up.
  if (tasks.some((task) => task.state !== 'queued' && task.progress === 0)) await sendPositions(io)
}

async function sendPositions(io: Live) {
  const ownerIds = [...io.sockets.adapter.rooms.keys()]
  const waiting = await db().task.findMany({
    where: { state: 'queued', ownerId: { in: ownerIds } },
    select: { id: true, ownerId: true },
    take: 1_000,
  })
  const places = await placesInLine(
    db(),
    waiting.map((task) => task.id),
  )
  for (const ownerId of new Set(waiting.map((task) => task.ownerId))) {
    const own = waiting.filter((task) => task.ownerId === ownerId)
    io.to(ownerId).emit('positions', Object.fromEntries(own.map(({ id }) => [id, places.get(id) ?? 1])))
  }
}
