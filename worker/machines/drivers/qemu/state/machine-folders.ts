import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readRegularFile } from '@/lib/storage/regular-file'
import type { MachineSize, MachineSpec } from '@/worker/machines/hypervisor'
import type { ProcessIdentity } from '@/worker/process/process-identity'
import { type BootSource, machineFiles } from './machine-files'

/** Persistent state of a machine (machine.json). Whether it runs is read from its processes, not from here. */
export interface MachineRecord {
  /** The owner; unset in records of earlier versions. */
  hostId?: string
  spec: MachineSpec
  /** First process of the machine; all others are in its process group. */
  process?: ProcessIdentity
  startedAt?: string
  /** False until the guest has its own identity: such a machine is incomplete and is created again. */
  isReady: boolean
  /** Absolute paths of the backing files of its disk, nearest first. */
  backing: string[]
  bootFrom: BootSource
  /** Why it stopped without a stop request. */
  reason?: string
  /** A stop was requested. */
  isStopWanted?: boolean
}

const ID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Repository of the machine folders on this host. */
export class MachineFolders {
  /** @param hostId the owner of the machines, whose mark their records carry; unset for template builds */
  constructor(
    readonly root: string,
    private readonly hostId?: string,
  ) {}

  path(id: string, file = '') {
    if (!ID_PATTERN.test(id)) throw new Error(`invalid machine id: ${id}`)
    return path.join(this.root, id, file)
  }

  /** Accessible to this user only, because access to the sockets means control over the machine. */
  async create(id: string) {
    await mkdir(this.path(id), { recursive: true, mode: 0o700 })
    await chmod(this.path(id), 0o700)
  }

  /** Without machines of other owners, such as a folder that an administrator copied here from another host. */
  async list() {
    const names = await readdir(this.root).catch(() => [])
    const owned = names.map(async (name) => (ID_PATTERN.test(name) && (await this.owns(name)) ? [name] : []))
    return (await Promise.all(owned)).flat()
  }

  /** False for a machine with the mark of another owner. */
  async owns(id: string) {
    return this.isOwned(await this.readAny(id))
  }

  private isOwned(record: MachineRecord | undefined) {
    return record?.hostId === undefined || record.hostId === this.hostId
  }

  /** Undefined when there is no record, its first write was interrupted, or another owner wrote it. */
  async read(id: string) {
    const record = await this.readAny(id)
    return this.isOwned(record) ? record : undefined
  }

  private async readAny(id: string): Promise<MachineRecord | undefined> {
    try {
      const text = await readRegularFile(this.path(id, machineFiles.state))
      return text === null ? undefined : (JSON.parse(text) as MachineRecord)
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  async write(id: string, record: MachineRecord) {
    const temporary = this.path(id, `${machineFiles.state}.${randomUUID()}`)
    await writeFile(temporary, JSON.stringify({ ...record, hostId: this.hostId }, null, 2), { mode: 0o600 })
    await rename(temporary, this.path(id, machineFiles.state))
  }

  /** Does nothing when there is no record. */
  async update(id: string, change: Partial<MachineRecord>) {
    const record = await this.read(id)
    if (record) await this.write(id, { ...record, ...change })
  }

  async remove(id: string) {
    await rm(this.path(id), { recursive: true, force: true, maxRetries: 3 })
  }
}

export const sizeKey = ({ cpus, memoryMiB, diskMiB }: MachineSize) => `${cpus}-${memoryMiB}-${diskMiB}`
