import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import path from 'node:path'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import type { BuiltImage } from '../images/image'
import { hasLivePidFile, writePidFile } from '../state/pid-file'
import { createOverlay } from '../images/qemu-img'
import type { MachineSize, MachineSpec } from '@/worker/machines/hypervisor'
import { type QemuSettings, startGuest } from '../lifecycle/start-guest'
import { machineFiles, MachineFolders, sizeKey } from '../state/machine-folders'
import { killMachine } from '../state/processes'
import { runScript } from '../agent/run-script'
import { saveVmState } from './save-vm-state'
import { SANDBOX_MACHINE_DIR } from '../lifecycle/qemu-sandbox'

/** To be raised when the guest's hardware in `command-line.ts` changes: memory saved before fits no more. */
const HARDWARE_VERSION = 2
const SETTLE_TIMEOUT_MS = 3 * 60_000
const MEMORY_FILE = 'memory'

export interface MachineTemplate {
  disk: string
  memory: string
}

/** Booted machines, saved, from which others start within a moment. */
export class TemplateStore {
  private readonly building: MachineFolders
  private readonly templatesDir: string
  private readonly singleFlight = new SingleFlight()

  constructor(
    root: string,
    private readonly engine: QemuSettings,
  ) {
    this.templatesDir = path.join(root, 'templates')
    this.building = new MachineFolders(path.join(root, 'building'))
  }

  /**
   * The name for templates of this image and size. Everything that their memory depends on is in it: one
   * that was made by another QEMU, or for another processor, is never found.
   */
  templateKey(image: BuiltImage, size: MachineSize) {
    const what = [HARDWARE_VERSION, this.engine.qemuVersion, this.engine.accelerator, cpus()[0]?.model]
    return createHash('sha256')
      .update(JSON.stringify([...what, image.version, image.disk, sizeKey(size)]))
      .digest('hex')
      .slice(0, 20)
  }

  async find(image: BuiltImage, size: MachineSize): Promise<MachineTemplate | undefined> {
    const name = this.templateKey(image, size)
    for (const dir of await readdir(this.templatesDir).catch(() => [])) {
      const memory = path.join(this.templatesDir, dir, MEMORY_FILE)
      const isWhole = dir.startsWith(`${name}-`) && (await stat(memory).catch(() => undefined))
      if (isWhole) return { memory, disk: path.join(this.templatesDir, dir, machineFiles.disk) }
    }
    return undefined
  }

  /**
   * Boots the image once, lets it come to rest, and keeps it. Two that ask at the same time share the
   * work. An abort leaves nothing behind.
   */
  build(image: BuiltImage, size: MachineSize, signal: AbortSignal) {
    return this.singleFlight.run(
      this.templateKey(image, size),
      async (shared) => {
        if (!(await this.find(image, size))) await this.buildTemplate(image, size, shared)
      },
      { signal },
    )
  }

  private async buildTemplate(image: BuiltImage, size: MachineSize, signal: AbortSignal) {
    const id = randomUUID()
    const folder = this.building.path(id)
    const spec: MachineSpec = { id, hostname: 'template', image: '', size, sshKeys: [], network: 'none' }
    const backing = [image.disk, ...image.backing]
    try {
      await this.building.create(id)
      await writePidFile(folder)
      await createOverlay(path.join(folder, machineFiles.disk), image.disk, size.diskMiB, signal)
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
          script: SETTLE_SCRIPT,
          timeoutMs: SETTLE_TIMEOUT_MS,
          signal,
          onOutput: () => undefined,
        })
      } finally {
        guest.agent.close()
      }
      const memory = path.join(folder, MEMORY_FILE)
      await saveVmState({
        folder,
        seenFolder: this.engine.isConfined ? SANDBOX_MACHINE_DIR : folder,
        to: memory,
        signal,
      })
      await killMachine(id)
      await this.publish(folder, path.join(this.templatesDir, `${this.templateKey(image, size)}-${id}`))
    } finally {
      await killMachine(id)
      await this.building.remove(id)
    }
  }

  private async publish(folder: string, dir: string) {
    for (const name of await readdir(folder))
      if (name !== machineFiles.disk && name !== MEMORY_FILE)
        await rm(path.join(folder, name), { force: true })
    await mkdir(path.dirname(dir), { recursive: true, mode: 0o700 })
    await rename(folder, dir)
  }

  /** It is not found again. Its disk stays as long as it lies below machines. */
  async discard({ disk }: MachineTemplate) {
    await rm(path.join(path.dirname(disk), MEMORY_FILE), { force: true })
  }

  /** What a worker left that was killed while it made one. */
  async removeAbandonedBuilds() {
    for (const id of await this.building.list()) {
      if (await hasLivePidFile(this.building.path(id))) continue
      await killMachine(id)
      await this.building.remove(id)
    }
  }
}

/** Nothing waits to be written, and what memory is free holds zeros, which take no room and no time. */
const SETTLE_SCRIPT = `command -v systemctl >/dev/null && systemctl is-system-running --wait >/dev/null
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
