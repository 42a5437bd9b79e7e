import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import { z } from 'zod'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { log } from '@/lib/log'
import {
  HOST_CONSOLE_PATH,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '@/lib/machines/console-protocol'
import { isValidHostToken } from '@/lib/machines/host-token'
import type { Hypervisor } from '@/worker/machines/hypervisor'
import { runConsoleSession } from './console-session'
import { WindowSizes } from './window-sizes'

const authSchema = z.object({ token: z.string(), machineId: z.uuid(), shareId: z.uuid().optional() })

/** Of one link: each viewer holds connections and receives all output. */
const MAX_SHARE_VIEWERS = 10

/** Tunnels share this server's `upgrade` event; Socket.IO must not destroy them while they open. */
const UPGRADE_TIMEOUT_MS = 30_000

/** Serves consoles to web processes. Requires a host token; web processes authorize the user. */
export function attachConsoleServer(http: HttpServer, hypervisor: Hypervisor) {
  const shareViewers = new Semaphore(MAX_SHARE_VIEWERS)
  const sizes = new WindowSizes()
  const io = new Server<ConsoleClientEvents, ConsoleServerEvents, object, { machineId: string }>(http, {
    path: HOST_CONSOLE_PATH,
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: 256 * 1024,
    destroyUpgradeTimeout: UPGRADE_TIMEOUT_MS,
  })
  io.use((socket, next) => {
    const auth = authSchema.safeParse(socket.handshake.auth)
    if (!auth.success || !isValidHostToken({ token: auth.data.token, purpose: auth.data.machineId }))
      return next(new Error('refused'))
    const { machineId, shareId } = auth.data
    socket.data.machineId = machineId
    if (shareId) {
      const release = shareViewers.tryAcquire(shareId)
      if (!release) return next(new Error('full'))
      socket.conn.once('close', release)
    }
    next()
  })
  io.on('connection', (socket) => {
    const { machineId } = socket.data
    const room = io.sockets.adapter.rooms
    const sendViewerCount = () => io.to(machineId).emit('viewers', room.get(machineId)?.size ?? 0)
    void socket.join(machineId)
    sendViewerCount()
    socket.once('disconnect', sendViewerCount)
    sizes.follow(socket, machineId)
    runConsoleSession({ hypervisor, machineId, socket }).catch((error: unknown) => {
      log.info({ err: error, machineId }, 'console session failed')
      socket.emit('ended')
      socket.disconnect(true)
    })
  })
  return io
}
