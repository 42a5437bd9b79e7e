import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Db } from '@/lib/database/db'
import type { MachinePort } from '@/lib/generated/prisma/client'
import { log } from '@/lib/log'
import { touchMachine } from '@/lib/machines/ports'
import type { ConnectionLimiter } from './connection-limiter'
import { relayStreams } from './relay-streams'
import { rejectSessionCookie } from './reject-session-cookie'

interface PortListener {
  server: Server
  sockets: Set<Socket>
}

/**
 * The ports of this host's machines on its loopback: for every row one listener, and none without a row.
 * They end with this worker; the next one opens them again, at the same ports.
 */
export class PortForwarder {
  private readonly listeners = new Map<string, PortListener>()
  private lastSync: Promise<void> = Promise.resolve()
  private isEnabled = false

  constructor(private readonly deps: { db: Db; hostId: string; door: ConnectionLimiter }) {}

  /** From now on this process speaks for the host. */
  enable() {
    this.isEnabled = true
  }

  /** Opens and closes what the rows say. One round after the other. */
  sync() {
    this.lastSync = this.lastSync
      .catch(() => undefined)
      .then(() => (this.isEnabled ? this.reconcile() : undefined))
    return this.lastSync
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

  /** @returns false where the port was taken back meanwhile */
  private async savePort(row: MachinePort, now: Pick<MachinePort, 'hostPort' | 'problem'>) {
    const { db } = this.deps
    if (now.hostPort === row.hostPort && now.problem === row.problem) return true
    const { count } = await db.machinePort.updateMany({ where: { id: row.id }, data: now })
    if (count > 0) await touchMachine(db, row.machineId)
    return count > 0
  }

  private async forwardConnection(socket: Socket, { machineId, guestPort }: MachinePort) {
    socket.on('error', () => socket.destroy())
    try {
      const guest = await this.deps.door.connect(machineId, guestPort)
      const guard = rejectSessionCookie((answer) => {
        guest.unpipe(socket)
        socket.end(answer)
        guest.destroy()
      })
      relayStreams(socket, guest, guard)
    } catch (error) {
      log.debug({ err: error, machineId, guestPort }, 'a forwarded port was not put through')
      socket.destroy()
    }
  }

  private closePort(id: string) {
    const listener = this.listeners.get(id)
    this.listeners.delete(id)
    if (listener) closeListener(listener)
  }

  async stop() {
    this.isEnabled = false
    await this.lastSync.catch(() => undefined)
    for (const id of this.listeners.keys()) this.closePort(id)
  }
}

function closeListener({ server, sockets }: PortListener) {
  server.close()
  for (const socket of sockets) socket.destroy()
}

/** Only programs on this host reach it there. */
function listenOnLoopback(server: Server, port: number) {
  return new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', resolve)
      server.on('error', (error) => log.warn({ err: error }, 'a forwarded port failed'))
      resolve(null)
    })
  })
}

const toListenProblem = ({ code, message }: NodeJS.ErrnoException, { hostPort }: MachinePort) =>
  code === 'EADDRINUSE'
    ? `Another program on the host uses port ${hostPort}. It is opened as soon as that one ends.`
    : `The host could not open port ${hostPort ?? ''}: ${message}`
