import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Hypervisor } from '../hypervisor'

/** The computer whose machines this worker looks after. */
export class LocalMachineHost {
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(
    readonly id: string,
    readonly hypervisor: Hypervisor,
  ) {}

  /**
   * Does one thing after the other with the same machine. An abort while it waits rejects with the
   * signal's reason.
   */
  async withLock<T>(machineId: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#turns.get(machineId) ?? Promise.resolve()
    const turn = before.then(() => {
      signal?.throwIfAborted()
      return work()
    })
    const settled = turn.catch(() => undefined)
    this.#turns.set(machineId, settled)
    void settled.then(() => {
      if (this.#turns.get(machineId) === settled) this.#turns.delete(machineId)
    })
    return turn
  }

  /** Whether something is being done with this machine right now. */
  isBusy(machineId: string) {
    return this.#turns.has(machineId)
  }
}

/** The lasting name of the host whose disks lie in this DATA_DIR. */
export async function loadHostId(dataDir: string) {
  const file = path.join(dataDir, 'machines', 'host-id')
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, randomUUID(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return readFile(file, 'utf8')
}
