import type { Duplex } from 'node:stream'
import { Semaphore } from '@/lib/concurrency/semaphore'
import { AppError } from '@/lib/errors'
import type { Hypervisor } from '@/worker/machines/hypervisor'

/** Concurrent connections per machine. Leaves channels of the guest agent free for scripts and snapshots. */
const MAX_CONNECTIONS = 6
const WAIT_TIMEOUT_MS = 15_000

/** Limits the connections to ports inside each machine. Browsers open more than a guest accepts: those queue. */
export class ConnectionLimiter {
  private readonly connections = new Semaphore(MAX_CONNECTIONS)

  constructor(private readonly hypervisor: Pick<Hypervisor, 'connect'>) {}

  /**
   * Opens a connection; waits up to 15 s while the limit is reached.
   * @throws {AppError} machine.not_running, machine.busy
   */
  async connect(machineId: string, port: number): Promise<Duplex> {
    const release = await this.connections
      .acquire(machineId, { signal: AbortSignal.timeout(WAIT_TIMEOUT_MS) })
      .catch(() => {
        throw machineBusy()
      })
    try {
      const connection = await this.hypervisor.connect(machineId, port)
      // The guest frees its channel as soon as either side ends.
      connection.once('end', release).once('close', release)
      return connection
    } catch (error) {
      release()
      throw error
    }
  }
}

const machineBusy = () =>
  new AppError({
    code: 'machine.busy',
    message: `${MAX_CONNECTIONS} connections to this machine are open already. Close one, then try again.`,
    status: 503,
  })
