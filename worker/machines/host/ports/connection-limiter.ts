import type { Duplex } from 'node:stream'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { AppError } from '@/lib/errors'
import type { Hypervisor } from '@/worker/machines/hypervisor'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** Streams of each machine that stay free for a script and a snapshot. */
const RESERVED_STREAMS = 2
const WAIT_TIMEOUT_MS = 15_000

/** Limits the connections to ports inside each machine. Browsers open more than a guest accepts: those queue. */
export class ConnectionLimiter {
  private readonly maxConnections: number
  private readonly connections: Semaphore

  constructor(private readonly hypervisor: Pick<Hypervisor, 'connect' | 'maxStreamsPerMachine'>) {
    this.maxConnections = hypervisor.maxStreamsPerMachine - RESERVED_STREAMS
    this.connections = new Semaphore(this.maxConnections)
  }

  /**
   * Opens a connection; waits up to 15 s while the limit is reached.
   * @throws {AppError} machine.not_running, machine.busy
   */
  async connect(machineId: string, port: number): Promise<Duplex> {
    const release = await this.connections
      .acquire(machineId, { signal: AbortSignal.timeout(WAIT_TIMEOUT_MS) })
      .catch(() => {
        throw machineBusy(this.maxConnections)
      })
    try {
      const connection = await this.hypervisor.connect(machineId, port)
      // The guest releases its stream as soon as either side ends.
      connection.once('end', release).once('close', release)
      return connection
    } catch (error) {
      release()
      throw error
    }
  }
}

const machineBusy = (maxConnections: number) =>
  new AppError({
    code: 'machine.busy',
    message: messages.connectionsBusy({ count: maxConnections }),
    status: 503,
  })
