import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { MachineSize, MachineSpec } from '@/worker/machines/hypervisor'

/** What is remembered of a machine beside its disk; the truth about whether it runs is in the processes. */
export interface MachineRecord {
  spec: MachineSpec
  /** Of the machine's first process, whose group holds all of it. */
  process?: { pid: number; startTicks: string }
  startedAt?: string
  /** The guest has its own identity. Without it the machine is half-made. */
  isReady: boolean
  /** Images below its own disk, nearest first, as absolute paths. */
  backing: string[]
  bootFrom: BootSource
  /** Why it stopped, where nobody asked for that. */
  reason?: string
  /** Somebody asked for it to be stopped. */
  isStopWanted?: boolean
}

/** The kernel that is started without a boot loader, or else the disk with its own. */
export type BootSource = { kernel: string; initrd: string; arguments: string } | 'disk'

/** Names of what is in the folder of one machine. */
export const machineFiles = {
  state: 'machine.json',
  disk: 'disk.qcow2',
  monitor: 'monitor.sock',
  control: 'control.sock',
  console: 'console.sock',
  consoleLog: 'console.log',
  emulatorLog: 'emulator.log',
  networkLog: 'network.log',
  channel: (number: number) => `channel-${number}.sock`,
}

const ID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The folders of all machines of this host. */
export class MachineFolders {
  constructor(readonly root: string) {}

  path(id: string, file = '') {
    if (!ID_PATTERN.test(id)) throw new Error(`not the id of a machine: ${id}`)
    return path.join(this.root, id, file)
  }

  /** Only this user may look into it: whoever reaches the sockets commands the machine. */
  async create(id: string) {
    await mkdir(this.path(id), { recursive: true, mode: 0o700 })
    await chmod(this.path(id), 0o700)
  }

  async list() {
    const names = await readdir(this.root).catch(() => [])
    return names.filter((name) => ID_PATTERN.test(name))
  }

  /** Undefined when there is none, or it was interrupted before its first word. */
  async read(id: string): Promise<MachineRecord | undefined> {
    try {
      return JSON.parse(await readFile(this.path(id, machineFiles.state), 'utf8')) as MachineRecord
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined
      throw error
    }
  }

  async write(id: string, state: MachineRecord) {
    const temporary = this.path(id, `${machineFiles.state}.${randomUUID()}`)
    await writeFile(temporary, JSON.stringify(state, null, 2), { mode: 0o600 })
    await rename(temporary, this.path(id, machineFiles.state))
  }

  async update(id: string, change: Partial<MachineRecord>) {
    const state = await this.read(id)
    if (state) await this.write(id, { ...state, ...change })
  }

  async remove(id: string) {
    await rm(this.path(id), { recursive: true, force: true, maxRetries: 3 })
  }
}

export const sizeKey = ({ cpus, memoryMiB, diskMiB }: MachineSize) => `${cpus}-${memoryMiB}-${diskMiB}`
