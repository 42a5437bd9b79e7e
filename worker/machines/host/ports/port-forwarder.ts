import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import type { Db } from '@/lib/database/db'
import type { MachinePort } from '@/lib/generated/prisma/client'
import { log } from '@/lib/log'
import { findForwardingProblem, type ForwardablePorts } from '@/lib/machines/host-ports'
import type { ConnectionLimiter } from './connection-limiter'
import { relayStreams } from './relay-streams'
import { rejectSessionCookie } from './reject-session-cookie'
import { touch } from '@/lib/database/touch'
import * as messages from '@/lib/generated/messages/machine-errors'
import * as driverMessages from '@/lib/generated/messages/machine-driver-errors'
import * as hostMessages from '@/lib/generated/messages/machine-host-texts'

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
  private allowed: ForwardablePorts | null = null

  constructor(private readonly deps: { db: Db; hostId: string; connections: ConnectionLimiter }) {}

  /** Starts forwarding, once this process holds the host lease. Until then `sync` does nothing. */
  enable(allowed: ForwardablePorts) {
    this.allowed = allowed
  }

  /** Opens and closes listeners so that they match the rows. Calls run one at a time. */
  sync() {
    return this.lock.run('sync', async () => {
      if (this.allowed) await this.reconcile(this.allowed)
    })
  }

  private async reconcile(allowed: ForwardablePorts) {
    const { db, hostId } = this.deps
    await db.machinePort.deleteMany({ where: { hostId, machine: { state: 'terminated' } } })
    const rows = await db.machinePort.findMany({ where: { hostId }, include: { machine: true } })
    const wanted = rows.filter(({ machine }) => machine.state !== 'terminating')
    const wantedIds = new Set(wanted.map(({ id }) => id))
    for (const id of [...this.listeners.keys()].filter((one) => !wantedIds.has(one))) this.closePort(id)
    const taken = new Set(rows.flatMap(({ hostPort }) => hostPort ?? []))
    for (const row of wanted)
      if (row.machine.network === 'none') await this.recordProblem(row, messages.noNetwork())
      else if (!this.listeners.has(row.id)) await this.openPort(row, { allowed, taken })
  }

  private async openPort(row: MachinePort, ports: { allowed: ForwardablePorts; taken: ReadonlySet<number> }) {
    const forbidden = row.hostPort && findForwardingProblem(row.hostPort, ports.allowed)
    if (forbidden) return this.recordProblem(row, forbidden)
    const sockets = new Set<Socket>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      void this.forwardConnection(socket, row)
    })
    const error = await listenOnFirstFree(server, row.hostPort ? [row.hostPort] : listCandidates(ports))
    if (error) return this.recordProblem(row, toListenProblem(error, row))
    server.on('error', (cause) => log.warn({ err: cause }, 'forwarded port failed'))
    const listener = { server, sockets }
    try {
      if (await this.recordOpened(row, (server.address() as AddressInfo).port))
        this.listeners.set(row.id, listener)
      else closeListener(listener)
    } catch (cause) {
      closeListener(listener)
      throw cause
    }
  }

  /** @returns false if the row has been deleted, such as by a caller that no longer waits for the port */
  private async recordOpened(row: MachinePort, hostPort: number) {
    if (row.openedAt && row.hostPort === hostPort && !row.problem) return true
    const data = { hostPort, problem: null, openedAt: row.openedAt ?? new Date(databaseTimeMs()) }
    const { count } = await this.deps.db.machinePort.updateMany({ where: { id: row.id }, data })
    if (count > 0) await touch(this.deps.db, 'machine', { id: row.machineId })
    return count > 0
  }

  /** A port that was never open is refused permanently; one that was open is retried on the next sync. */
  private async recordProblem(row: MachinePort, problem: string) {
    const { db } = this.deps
    if (row.problem === problem) return
    if (row.openedAt) await db.machinePort.updateMany({ where: { id: row.id }, data: { problem } })
    else await db.machinePort.deleteMany({ where: { id: row.id, openedAt: null } })
    await touch(db, 'machine', { id: row.machineId })
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
    this.allowed = null
    await this.lock.run('sync', async () => {
      for (const id of this.listeners.keys()) this.closePort(id)
    })
  }
}

function closeListener({ server, sockets }: PortListener) {
  server.close()
  for (const socket of sockets) socket.destroy()
}

/** All allowed ports that no row has, from a random one on. */
function* listCandidates({
  allowed: { first, last, reserved },
  taken,
}: {
  allowed: ForwardablePorts
  taken: ReadonlySet<number>
}) {
  const count = last - first + 1
  const start = randomInt(count)
  for (let n = 0; n < count; n++) {
    const port = first + ((start + n) % count)
    if (!reserved.has(port) && !taken.has(port)) yield port
  }
}

async function listenOnFirstFree(server: Server, ports: Iterable<number>) {
  let error: NodeJS.ErrnoException | null = new Error('no port for machines is free')
  for (const port of ports) {
    error = await listenOnLoopback(server, port)
    if (error?.code !== 'EADDRINUSE') return error
  }
  return error
}

/** Loopback: only programs on this host can connect. */
const listenOnLoopback = (server: Server, port: number) =>
  once(server.listen(port, '127.0.0.1'), 'listening').then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  )

const toListenProblem = ({ code, message }: NodeJS.ErrnoException, { hostPort }: MachinePort) =>
  code === 'EADDRINUSE'
    ? hostMessages.portTaken({ value: String(hostPort) })
    : driverMessages.portNotOpened({ port: hostPort ?? '', reason: message })
