import type { Duplex } from 'node:stream'
import { AppError } from '@/lib/errors'
import type { Hypervisor } from '@/worker/machines/hypervisor'

/** Connections into one machine at once. Scripts and snapshots use the same few channels, and go first. */
const MAX_CONNECTIONS = 6
const WAIT_TIMEOUT_MS = 15_000

interface MachineSlots {
  open: number
  waiting: (() => void)[]
}

/** Connections to ports inside machines. A browser asks for more at once than a machine takes: they wait in line. */
export class ConnectionLimiter {
  private readonly slots = new Map<string, MachineSlots>()

  constructor(private readonly hypervisor: Pick<Hypervisor, 'connect'>) {}

  /** @throws {AppError} machine.not_running, machine.busy */
  async connect(machineId: string, port: number): Promise<Duplex> {
    const door = this.slots.get(machineId) ?? { open: 0, waiting: [] }
    this.slots.set(machineId, door)
    if (door.open >= MAX_CONNECTIONS) await waitForSlot(door)
    else door.open++
    let isInside = true
    const leave = () => {
      if (!isInside) return
      isInside = false
      const next = door.waiting.shift()
      // The place goes to whoever waits; nobody who comes now takes it.
      if (next) next()
      else if (--door.open === 0) this.slots.delete(machineId)
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

function waitForSlot(door: MachineSlots) {
  return new Promise<void>((resolve, reject) => {
    const go = () => {
      clearTimeout(clock)
      resolve()
    }
    const clock = setTimeout(() => {
      door.waiting.splice(door.waiting.indexOf(go), 1)
      reject(machineBusy())
    }, WAIT_TIMEOUT_MS)
    door.waiting.push(go)
  })
}

const machineBusy = () =>
  new AppError({
    code: 'machine.busy',
    message: `${MAX_CONNECTIONS} connections to this machine are open already. Close one, then try again.`,
    status: 503,
  })
