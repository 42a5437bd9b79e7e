import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import path from 'node:path'
import type { BuiltImage } from '../images/image'
import { Once } from '../images/once'
import { isOwned, own } from '../images/owner'
import { createOverlay } from '../images/qemu-img'
import type { MachineSize, MachineSpec } from '../hypervisor'
import { type Engine, startGuest } from './guest'
import { files, MachineFolders, sizeName } from './machine-folder'
import { killMachine } from './processes'
import { runScript } from './run-script'
import { saveMemory } from './save-memory'
import { GUEST_FOLDER } from './confine-machine'

/** To be raised when the guest's hardware in `command-line.ts` changes: memory saved before fits no more. */
const HARDWARE = 2
const SETTLE_MS = 3 * 60_000
const MEMORY = 'memory'

export interface Template {
  disk: string
  memory: string
}

/** Booted machines, saved, from which others start within a moment. */
export class Templates {
  private readonly building: MachineFolders
  private readonly made: string
  private readonly once = new Once()

  constructor(
    root: string,
    private readonly engine: Engine,
  ) {
    this.made = path.join(root, 'templates')
    this.building = new MachineFolders(path.join(root, 'building'))
  }

  /**
   * The name for templates of this image and size. Everything that their memory depends on is in it: one
   * that was made by another QEMU, or for another processor, is never found.
   */
  nameOf(image: BuiltImage, size: MachineSize) {
    const what = [HARDWARE, this.engine.qemuVersion, this.engine.accelerator, cpus()[0]?.model]
    return createHash('sha256')
      .update(JSON.stringify([...what, image.version, image.disk, sizeName(size)]))
      .digest('hex')
      .slice(0, 20)
  }

  async find(image: BuiltImage, size: MachineSize): Promise<Template | undefined> {
    const name = this.nameOf(image, size)
    for (const dir of await readdir(this.made).catch(() => [])) {
      const memory = path.join(this.made, dir, MEMORY)
      const isWhole = dir.startsWith(`${name}-`) && (await stat(memory).catch(() => undefined))
      if (isWhole) return { memory, disk: path.join(this.made, dir, files.disk) }
    }
    return undefined
  }

  /**
   * Boots the image once, lets it come to rest, and keeps it. Two that ask at the same time share the
   * work. An abort leaves nothing behind.
   */
  make(image: BuiltImage, size: MachineSize, signal: AbortSignal) {
    return this.once.run(this.nameOf(image, size), signal, async (shared) => {
      if (!(await this.find(image, size))) await this.makeNow(image, size, shared)
    })
  }

  private async makeNow(image: BuiltImage, size: MachineSize, signal: AbortSignal) {
    const id = randomUUID()
    const folder = this.building.path(id)
    const spec: MachineSpec = { id, hostname: 'template', image: '', size, sshKeys: [], network: 'none' }
    const backing = [image.disk, ...image.backing]
    try {
      await this.building.make(id)
      await own(folder)
      await createOverlay(path.join(folder, files.disk), image.disk, size.diskMiB, signal)
      const guest = await startGuest(this.engine, {
        spec,
        folder,
        backing,
        bootFrom: image.bootFrom,
        lifetime: 'worker',
        signal,
      })
      try {
        await runScript(guest.agent, {
          script: REST,
          timeoutMs: SETTLE_MS,
          signal,
          onOutput: () => undefined,
        })
      } finally {
        guest.agent.close()
      }
      const memory = path.join(folder, MEMORY)
      await saveMemory({
        folder,
        seenFolder: this.engine.isConfined ? GUEST_FOLDER : folder,
        to: memory,
        signal,
      })
      await killMachine(id)
      await this.keep(folder, path.join(this.made, `${this.nameOf(image, size)}-${id}`))
    } finally {
      await killMachine(id)
      await this.building.remove(id)
    }
  }

  private async keep(folder: string, dir: string) {
    for (const name of await readdir(folder))
      if (name !== files.disk && name !== MEMORY) await rm(path.join(folder, name), { force: true })
    await mkdir(path.dirname(dir), { recursive: true, mode: 0o700 })
    await rename(folder, dir)
  }

  /** It is not found again. Its disk stays as long as it lies below machines. */
  async discard({ disk }: Template) {
    await rm(path.join(path.dirname(disk), MEMORY), { force: true })
  }

  /** What a worker left that was killed while it made one. */
  async sweep() {
    for (const id of await this.building.list()) {
      if (await isOwned(this.building.path(id))) continue
      await killMachine(id)
      await this.building.remove(id)
    }
  }
}

/** Nothing waits to be written, and what memory is free holds zeros, which take no room and no time. */
const REST = `command -v systemctl >/dev/null && systemctl is-system-running --wait >/dev/null
sync
echo 3 >/proc/sys/vm/drop_caches
free=$(sed -n 's/^MemFree: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
mount -o remount,size=100% /dev/shm && dd if=/dev/zero of=/dev/shm/zero bs=64k count=$((free / 64 * 9 / 10)) 2>/dev/null
rm -f /dev/shm/zero
mount -o remount,size=50% /dev/shm
# What every copy runs first does not have to be read from the disk each time.
for tool in date ip mount mv ssh-keygen sshd stty systemctl; do $tool --version; done >/dev/null 2>&1
command -v bash >/dev/null && bash -l -c true >/dev/null 2>&1
true
`
