import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { z } from 'zod'
import { log } from '@/lib/log'
import {
  CONSOLE_PATH,
  type ConsoleClientEvents,
  type ConsoleServerEvents,
} from '@/lib/machines/console-contract'
import { consoleSecret } from '@/lib/machines/console-token'
import type { Hypervisor } from '../hypervisor'
import { showConsole } from './show-console'

const authSchema = z.object({ secret: z.string(), machineId: z.uuid() })

/**
 * Serves the consoles of this host's machines to web processes, on loopback. They have checked who asks;
 * here it is checked that it is them.
 */
export async function serveConsoles(hypervisor: Hypervisor) {
  const http = createServer()
  const io = new Server<ConsoleClientEvents, ConsoleServerEvents, object, { machineId: string }>(http, {
    path: CONSOLE_PATH,
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: 256 * 1024,
  })
  const secret = Buffer.from(consoleSecret())
  io.use((socket, next) => {
    const auth = authSchema.safeParse(socket.handshake.auth)
    const given = Buffer.from(auth.data?.secret ?? '')
    if (!auth.success || given.length !== secret.length || !timingSafeEqual(given, secret))
      return next(new Error('refused'))
    socket.data.machineId = auth.data.machineId
    next()
  })
  io.on('connection', (socket) => {
    const { machineId } = socket.data
    const room = io.sockets.adapter.rooms
    const tellViewers = () => io.to(machineId).emit('viewers', room.get(machineId)?.size ?? 0)
    void socket.join(machineId)
    tellViewers()
    socket.once('disconnect', tellViewers)
    showConsole(hypervisor, machineId, socket).catch((error: unknown) => {
      log.info({ err: error, machineId }, 'a console could not be shown')
      socket.emit('ended', 'The machine does not run.')
      socket.disconnect(true)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: () => io.close(),
  }
}
