import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import { readOrCreateFile } from '@/lib/process/read-or-create-file'
import type { Hypervisor } from '../hypervisor'

/** This worker's host: the machines whose disks are in its DATA_DIR. */
export class LocalMachineHost {
  readonly #lock = new KeyedLock()

  constructor(
    readonly id: string,
    readonly hypervisor: Hypervisor,
  ) {}

  /** Runs `work` while holding the lock of the machine in this process. @see KeyedLock.run for `signal` */
  withLock<T>(machineId: string, work: () => Promise<T>, options?: { signal?: AbortSignal }): Promise<T> {
    return this.#lock.run(machineId, work, options)
  }

  /** True while the lock of the machine is held. */
  isBusy(machineId: string) {
    return this.#lock.isHeld(machineId)
  }
}

/** Reads the permanent ID of the host with this DATA_DIR, creating it on first use. */
export async function loadHostId(dataDir: string) {
  const file = path.join(dataDir, 'machines', 'host-id')
  await mkdir(path.dirname(file), { recursive: true })
  return readOrCreateFile(file, randomUUID)
}
