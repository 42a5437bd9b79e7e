import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BootSource } from '../state/machine-folders'
import type { Image } from './image'
import { imageBroken } from '@/worker/machines/drivers/image-errors'
import { inspectDisk } from './qemu-img'

const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/i
const FILES = { disk: 'disk.qcow2', facts: 'snapshot.json' }

interface SnapshotFacts {
  /** The moment it was taken, which tells it from an earlier one of the same name. */
  version: string
  diskMiB: number
  /** That of the image it came from. */
  memoryMiB: number
  bootFrom: BootSource
}

/** What was not written down of the first ones. */
const LEGACY_DEFAULTS = { memoryMiB: 128 }

/** Disks kept of machines, each whole in itself. */
export class SnapshotStore {
  private readonly pendingDirs = new Set<string>()

  constructor(private readonly root: string) {}

  path(name: string, file = '') {
    if (!NAME_PATTERN.test(name)) throw new Error(`not the name of a snapshot: ${name}`)
    return path.join(this.root, name, file)
  }

  /** Takes over a disk file. One of the same name that is there already stays: it was asked for twice. */
  async add(
    name: string,
    given: { disk: string; memoryMiB: number; bootFrom: BootSource; signal?: AbortSignal },
  ) {
    const { disk, signal, ...more } = given
    const { diskMiB } = await inspectDisk(name, disk, signal)
    const facts: SnapshotFacts = { version: `${Date.now()}`, diskMiB, ...more }
    // It appears as a whole: `sweep` takes one without facts for one that was removed.
    const work = `${this.path(name)}.${randomUUID()}`
    this.pendingDirs.add(work)
    await mkdir(work, { recursive: true, mode: 0o700 })
    try {
      await rename(disk, path.join(work, FILES.disk))
      await writeFile(path.join(work, FILES.facts), JSON.stringify(facts))
      await rm(this.path(name), { recursive: true, force: true })
      await rename(work, this.path(name))
    } finally {
      await rm(work, { recursive: true, force: true })
      this.pendingDirs.delete(work)
    }
  }

  async has(name: string) {
    return Boolean(await this.read(name))
  }

  async listImages(): Promise<Image[]> {
    const names = (await readdir(this.root).catch(() => [])).filter((name) => NAME_PATTERN.test(name)).sort()
    const all = await Promise.all(
      names.map(async (name) => {
        const facts = await this.read(name)
        return facts ? [this.toImage(name, facts)] : []
      }),
    )
    return all.flat()
  }

  /** It is no longer offered; its disk goes when no machine stands on it any more. */
  async remove(name: string) {
    await rm(this.path(name, FILES.facts), { force: true })
  }

  /** Removes the disks of removed snapshots, but for those `inUse`, and what a killed worker left of others. */
  async sweep(inUse: Set<string>) {
    for (const name of await readdir(this.root).catch(() => [])) {
      const dir = path.join(this.root, name)
      const isWanted = NAME_PATTERN.test(name)
        ? inUse.has(this.path(name, FILES.disk)) || (await this.has(name))
        : this.pendingDirs.has(dir)
      if (!isWanted) await rm(dir, { recursive: true, force: true })
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
        description: 'The disk of a machine, as it was when the snapshot was taken.',
        minimum: { cpus: 1, memoryMiB, diskMiB: facts.diskMiB },
        problem: null,
      },
      findBuilt: async () => built,
      build: async ({ onStage }) => {
        onStage?.('image')
        const { kernel } = facts.bootFrom === 'disk' ? { kernel: undefined } : facts.bootFrom
        if (kernel && !(await readFile(kernel).catch(() => undefined)))
          throw imageBroken(name, 'the kernel it was made with is gone')
        return built
      },
    }
  }
}
