import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Image } from './image'
import { inspectDisk } from './qemu-img'
import { imageBroken } from '../../machine-errors'
import type { BootSource } from '../state/machine-files'
import * as messages from '@/lib/generated/messages/machine-image-problems'

const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/i
const FILES = { disk: 'disk.qcow2', facts: 'snapshot.json' }

interface SnapshotFacts {
  /** When it was taken; distinguishes it from an earlier snapshot of the same name. */
  version: string
  diskMiB: number
  /** Minimum memory, from the image of the machine. */
  memoryMiB: number
  bootFrom: BootSource
}

/** Values for snapshots that were taken before these facts were stored. */
const LEGACY_DEFAULTS = { memoryMiB: 128 }

/** Snapshots of machine disks, each a disk without backing files. */
export class SnapshotStore {
  private readonly pendingDirs = new Set<string>()

  constructor(private readonly root: string) {}

  path(name: string, file = '') {
    if (!NAME_PATTERN.test(name)) throw new Error(`invalid snapshot name: ${name}`)
    return path.join(this.root, name, file)
  }

  /**
   * Moves a disk file into the store as `name`, replacing a removed snapshot of that name.
   * @throws {PermanentError} machine.image_broken
   */
  async add(
    name: string,
    options: { disk: string; memoryMiB: number; bootFrom: BootSource; signal?: AbortSignal },
  ) {
    const { disk, signal, ...more } = options
    const { diskMiB } = await inspectDisk({ image: name, file: disk, signal })
    const facts: SnapshotFacts = { version: `${Date.now()}`, diskMiB, ...more }
    // Renamed into place when complete: `sweep` regards a snapshot without facts as removed.
    const workDir = `${this.path(name)}.${randomUUID()}`
    this.pendingDirs.add(workDir)
    await mkdir(workDir, { recursive: true, mode: 0o700 })
    try {
      await rename(disk, path.join(workDir, FILES.disk))
      await writeFile(path.join(workDir, FILES.facts), JSON.stringify(facts))
      await rm(this.path(name), { recursive: true, force: true })
      await rename(workDir, this.path(name))
    } finally {
      await rm(workDir, { recursive: true, force: true })
      this.pendingDirs.delete(workDir)
    }
  }

  async has(name: string) {
    return Boolean(await this.read(name))
  }

  async listImages(): Promise<Image[]> {
    const names = (await readdir(this.root).catch(() => [])).filter((name) => NAME_PATTERN.test(name)).sort()
    const images = await Promise.all(
      names.map(async (name) => {
        const facts = await this.read(name)
        return facts ? [this.toImage(name, facts)] : []
      }),
    )
    return images.flat()
  }

  /** Removes it from the catalog. `sweep` deletes its disk once it is not in use. Idempotent. */
  async remove(name: string) {
    await rm(this.path(name, FILES.facts), { force: true })
  }

  /** Deletes removed snapshots except those with a disk in `inUse`, and unfinished ones of killed workers. */
  async sweep(inUse: Set<string>) {
    for (const name of await readdir(this.root).catch(() => [])) {
      const dir = path.join(this.root, name)
      const isNeeded = NAME_PATTERN.test(name)
        ? inUse.has(this.path(name, FILES.disk)) || (await this.has(name))
        : this.pendingDirs.has(dir)
      if (!isNeeded) await rm(dir, { recursive: true, force: true })
    }
  }

  private async read(name: string) {
    const text = await readFile(this.path(name, FILES.facts), 'utf8').catch(() => undefined)
    return text ? ({ ...LEGACY_DEFAULTS, ...JSON.parse(text) } as SnapshotFacts) : undefined
  }

  private toImage(name: string, { memoryMiB, ...facts }: SnapshotFacts): Image {
    const built = { ...facts, disk: this.path(name, FILES.disk), backing: [] }
    return {
      facts: {
        name,
        label: name,
        description: 'A snapshot of the disk of a machine.',
        minimum: { cpus: 1, memoryMiB, diskMiB: facts.diskMiB },
        problem: null,
      },
      findBuilt: async () => built,
      build: async ({ onStage }) => {
        onStage?.('image')
        const { kernel } = facts.bootFrom === 'disk' ? { kernel: undefined } : facts.bootFrom
        if (kernel && !(await readFile(kernel).catch(() => undefined)))
          throw imageBroken(name, messages.kernelGone())
        return built
      },
    }
  }
}
