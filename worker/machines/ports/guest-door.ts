import type { Duplex } from 'node:stream'
import { AppError } from '@/lib/errors'
import type { Hypervisor } from '../hypervisor'

/** Connections into one machine at once. Scripts and snapshots use the same few channels, and go first. */
const AT_ONCE = 6
const PATIENCE_MS = 15_000

interface Door {
  open: number
  waiting: (() => void)[]
}

/** Connections to ports inside machines. A browser asks for more at once than a machine takes: they wait in line. */
export class GuestDoor {
  private readonly doors = new Map<string, Door>()

  constructor(private readonly hypervisor: Pick<Hypervisor, 'connect'>) {}

  /** @throws {AppError} machine.not_running, machine.busy */
  async connect(machineId: string, port: number): Promise<Duplex> {
    const door = this.doors.get(machineId) ?? { open: 0, waiting: [] }
    this.doors.set(machineId, door)
    if (door.open >= AT_ONCE) await turnAt(door)
    else door.open++
    let isInside = true
    const leave = () => {
      if (!isInside) return
      isInside = false
      const next = door.waiting.shift()
      // The place goes to whoever waits; nobody who comes now takes it.
      if (next) next()
      else if (--door.open === 0) this.doors.delete(machineId)
    }
    try {
      const connection = await this.hypervisor.connect(machineId, port)
      // Its channel is free when either side has ended it.
      connection.once('end', leave).once('close', leave)
      return connection
    } catch (error) {
      leave()
      throw error
    }
  }
}

function turnAt(door: Door) {
  return new Promise<void>((resolve, reject) => {
    const go = () => {
      clearTimeout(clock)
      resolve()
    }
    const clock = setTimeout(() => {
      door.waiting.splice(door.waiting.indexOf(go), 1)
      reject(busy())
    }, PATIENCE_MS)
    door.waiting.push(go)
  })
}

const busy = () =>
  new AppError({
    code: 'machine.busy',
    message: `${AT_ONCE} connections to this machine are open already. Close one, then try again.`,
    status: 503,
  })
