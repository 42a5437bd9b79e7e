import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import type { Db } from '@/lib/database/db'
import type { MachinePort } from '@/lib/generated/prisma/client'
import { log } from '@/lib/log'
import type { ConnectionLimiter } from './connection-limiter'
import { relayStreams } from './relay-streams'
import { rejectSessionCookie } from './reject-session-cookie'
import { touch } from '@/lib/database/touch'

interface PortListener {
  server: Server
  sockets: Set<Socket>
}

/**
 * Forwards loopback ports of this host to ports of its machines, one listener per row. Listeners close with this
 * worker; the next worker opens them again on the same ports.
 */
export class PortForwarder {
  private readonly listeners = new Map<string, PortListener>()
  private readonly lock = new KeyedLock()
  private isEnabled = false

  constructor(private readonly deps: { db: Db; hostId: string; connections: ConnectionLimiter }) {}

  /** Starts forwarding, once this process holds the host lease. Until then `sync` does nothing. */
  enable() {
    this.isEnabled = true
  }

  /** Opens and closes listeners so that they match the rows. Calls run one at a time. */
  sync() {
    return this.lock.run('sync', async () => {
      if (this.isEnabled) await this.reconcile()
    })
  }

  private async reconcile() {
    const { db, hostId } = this.deps
    await db.machinePort.deleteMany({ where: { hostId, machine: { state: 'terminated' } } })
    const rows = await db.machinePort.findMany({
      where: { hostId, machine: { state: { not: 'terminating' } } },
    })
    const wanted = new Set(rows.map(({ id }) => id))
    for (const id of [...this.listeners.keys()].filter((one) => !wanted.has(one))) this.closePort(id)
    for (const row of rows) if (!this.listeners.has(row.id)) await this.openPort(row)
  }

  private async openPort(row: MachinePort) {
    const sockets = new Set<Socket>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      void this.forwardConnection(socket, row)
    })
    const listener = { server, sockets }
    const error = await listenOnLoopback(server, row.hostPort ?? 0)
    const hostPort = error ? row.hostPort : (server.address() as AddressInfo).port
    try {
      const isWanted = await this.savePort(row, { hostPort, problem: error && toListenProblem(error, row) })
      if (isWanted && !error) this.listeners.set(row.id, listener)
      else closeListener(listener)
    } catch (cause) {
      closeListener(listener)
      throw cause
    }
  }

  /** @returns false if the row has been deleted */
  private async savePort(row: MachinePort, now: Pick<MachinePort, 'hostPort' | 'problem'>) {
    const { db } = this.deps
    if (now.hostPort === row.hostPort && now.problem === row.problem) return true
    const { count } = await db.machinePort.updateMany({ where: { id: row.id }, data: now })
    if (count > 0) await touch(db, 'machine', { id: row.machineId })
    return count > 0
  }

  private async forwardConnection(socket: Socket, { machineId, guestPort }: MachinePort) {
    socket.on('error', () => socket.destroy())
    try {
      const guest = await this.deps.connections.connect(machineId, guestPort)
      const guard = rejectSessionCookie((response) => {
        guest.unpipe(socket)
        socket.end(response)
        guest.destroy()
      })
      relayStreams({ client: socket, guest, guard })
    } catch (error) {
      log.debug({ err: error, machineId, guestPort }, 'forwarded connection failed')
      socket.destroy()
    }
  }

  private closePort(id: string) {
    const listener = this.listeners.get(id)
    this.listeners.delete(id)
    if (listener) closeListener(listener)
  }

  /** Closes all listeners and connections. */
  async stop() {
    this.isEnabled = false
    await this.lock.run('sync', async () => {
      for (const id of this.listeners.keys()) this.closePort(id)
    })
  }
}

function closeListener({ server, sockets }: PortListener) {
  server.close()
  for (const socket of sockets) socket.destroy()
}

/** Loopback: only programs on this host can connect. */
function listenOnLoopback(server: Server, port: number) {
  return new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', resolve)
      server.on('error', (error) => log.warn({ err: error }, 'forwarded port failed'))
      resolve(null)
    })
  })
}

const toListenProblem = ({ code, message }: NodeJS.ErrnoException, { hostPort }: MachinePort) =>
  code === 'EADDRINUSE'
    ? `Another program on the host uses port ${hostPort}. The port opens when that program exits.`
    : `The host could not open port ${hostPort ?? ''}: ${message}`
