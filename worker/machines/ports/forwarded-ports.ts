import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Db } from '@/lib/db'
import type { MachinePort } from '@/lib/generated/prisma/client'
import { log } from '@/lib/log'
import { tellPages } from '@/lib/machines/ports'
import type { GuestDoor } from './guest-door'
import { joinStreams } from './join-streams'
import { withoutOurCookie } from './without-our-cookie'

interface Listener {
  server: Server
  sockets: Set<Socket>
}

/**
 * The ports of this host's machines on its loopback: for every row one listener, and none without a row.
 * They end with this worker; the next one opens them again, at the same ports.
 */
export class ForwardedPorts {
  private readonly listeners = new Map<string, Listener>()
  private last: Promise<void> = Promise.resolve()
  private isOpen = false

  constructor(private readonly given: { db: Db; hostId: string; door: GuestDoor }) {}

  /** From now on this process speaks for the host. */
  begin() {
    this.isOpen = true
  }

  /** Opens and closes what the rows say. One round after the other. */
  sync() {
    this.last = this.last.catch(() => undefined).then(() => (this.isOpen ? this.round() : undefined))
    return this.last
  }

  private async round() {
    const { db, hostId } = this.given
    await db.machinePort.deleteMany({ where: { hostId, machine: { state: 'terminated' } } })
    const rows = await db.machinePort.findMany({
      where: { hostId, machine: { state: { not: 'terminating' } } },
    })
    const wanted = new Set(rows.map(({ id }) => id))
    for (const id of [...this.listeners.keys()].filter((one) => !wanted.has(one))) this.close(id)
    for (const row of rows) if (!this.listeners.has(row.id)) await this.open(row)
  }

  private async open(row: MachinePort) {
    const sockets = new Set<Socket>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      void this.putThrough(socket, row)
    })
    const listener = { server, sockets }
    const error = await listen(server, row.hostPort ?? 0)
    const hostPort = error ? row.hostPort : (server.address() as AddressInfo).port
    try {
      const isWanted = await this.write(row, { hostPort, problem: error && wordsOf(error, row) })
      if (isWanted && !error) this.listeners.set(row.id, listener)
      else closeListener(listener)
    } catch (cause) {
      closeListener(listener)
      throw cause
    }
  }

  /** @returns false where the port was taken back meanwhile */
  private async write(row: MachinePort, now: Pick<MachinePort, 'hostPort' | 'problem'>) {
    const { db } = this.given
    if (now.hostPort === row.hostPort && now.problem === row.problem) return true
    const { count } = await db.machinePort.updateMany({ where: { id: row.id }, data: now })
    if (count > 0) await tellPages(db, row.machineId)
    return count > 0
  }

  private async putThrough(socket: Socket, { machineId, guestPort }: MachinePort) {
    socket.on('error', () => socket.destroy())
    try {
      const guest = await this.given.door.connect(machineId, guestPort)
      const guard = withoutOurCookie((answer) => {
        guest.unpipe(socket)
        socket.end(answer)
        guest.destroy()
      })
      joinStreams(socket, guest, guard)
    } catch (error) {
      log.debug({ err: error, machineId, guestPort }, 'a forwarded port was not put through')
      socket.destroy()
    }
  }

  private close(id: string) {
    const listener = this.listeners.get(id)
    this.listeners.delete(id)
    if (listener) closeListener(listener)
  }

  async end() {
    this.isOpen = false
    await this.last.catch(() => undefined)
    for (const id of this.listeners.keys()) this.close(id)
  }
}

function closeListener({ server, sockets }: Listener) {
  server.close()
  for (const socket of sockets) socket.destroy()
}

/** Only programs on this host reach it there. */
function listen(server: Server, port: number) {
  return new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', resolve)
      server.on('error', (error) => log.warn({ err: error }, 'a forwarded port failed'))
      resolve(null)
    })
  })
}

const wordsOf = ({ code, message }: NodeJS.ErrnoException, { hostPort }: MachinePort) =>
  code === 'EADDRINUSE'
    ? `Another program on the host uses port ${hostPort}. It is opened as soon as that one ends.`
    : `The host could not open port ${hostPort ?? ''}: ${message}`
