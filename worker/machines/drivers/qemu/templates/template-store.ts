import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import path from 'node:path'
import { SingleFlight } from '@/lib/concurrency/single-flight'
import type { BuiltImage } from '../images/image'
import { hasLivePidFile, writePidFile } from '../state/pid-file'
import { createOverlay } from '../images/qemu-img'
import type { MachineSize, MachineSpec } from '@/worker/machines/hypervisor'
import { startGuest } from '../lifecycle/start-guest'
import { MachineFolders, sizeKey } from '../state/machine-folders'
import { killMachine } from '../state/processes'
import { runScript } from '../agent/run-script'
import { saveVmState } from './save-vm-state'
import { toQemuFolder } from '../lifecycle/qemu-sandbox'
import { prepareGuestFolder } from '../state/guest-folder'
import { guestFiles, guestFolderOf } from '../state/machine-files'
import type { QemuSettings } from '../qemu-settings'

/** Increase when the guest hardware in qemu-args.ts changes: saved memory fits only the hardware it was saved with. */
const HARDWARE_VERSION = 2
const SETTLE_TIMEOUT_MS = 3 * 60_000
const MEMORY_FILE = 'memory'

export interface MachineTemplate {
  disk: string
  memory: string
}

interface TemplateOptions {
  image: BuiltImage
  size: MachineSize
  signal: AbortSignal
}

/** Saved VM states of booted machines. A machine that is restored from one starts without booting. */
export class TemplateStore {
  private readonly building: MachineFolders
  private readonly templatesDir: string
  private readonly singleFlight = new SingleFlight()

  constructor(
    root: string,
    private readonly settings: QemuSettings,
  ) {
    this.templatesDir = path.join(root, 'templates')
    this.building = new MachineFolders(path.join(root, 'building'))
  }

  /**
   * Hash of everything that the saved memory depends on, including the version of QEMU and the CPU model, so that an
   * incompatible template is never found.
   */
  computeKey(image: BuiltImage, size: MachineSize) {
    const environment = [
      HARDWARE_VERSION,
      this.settings.qemuVersion,
      this.settings.accelerator,
      cpus()[0]?.model,
    ]
    return createHash('sha256')
      .update(JSON.stringify([...environment, image.version, image.disk, sizeKey(size)]))
      .digest('hex')
      .slice(0, 20)
  }

  /** The template of this image and size; undefined when there is none. */
  async find(image: BuiltImage, size: MachineSize): Promise<MachineTemplate | undefined> {
    const key = this.computeKey(image, size)
    for (const dir of await readdir(this.templatesDir).catch(() => [])) {
      const memory = path.join(this.templatesDir, dir, MEMORY_FILE)
      const isComplete = dir.startsWith(`${key}-`) && (await stat(memory).catch(() => undefined))
      if (isComplete) return { memory, disk: path.join(this.templatesDir, dir, guestFiles.disk) }
    }
    return undefined
  }

  /**
   * Boots the image once, waits until it is idle and saves its state. Does nothing when the template exists; concurrent calls
   * share the work. An abort stops it once all callers have aborted and leaves no files.
   */
  build({ image, size, signal }: TemplateOptions) {
    return this.singleFlight.run(
      this.computeKey(image, size),
      async (shared) => {
        if (!(await this.find(image, size))) await this.buildTemplate({ image, size, signal: shared })
      },
      { signal },
    )
  }

  private async buildTemplate({ image, size, signal }: TemplateOptions) {
    const id = randomUUID()
    const folder = this.building.path(id)
    const spec: MachineSpec = { id, hostname: 'template', image: '', size, sshKeys: [], network: 'none' }
    const backing = [image.disk, ...image.backing]
    try {
      await this.building.create(id)
      await writePidFile(folder)
      await createOverlay({
        disk: await prepareGuestFolder(folder),
        backingFile: image.disk,
        sizeMiB: size.diskMiB,
        signal,
      })
      const guest = await startGuest(this.settings, {
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
        qemuFolder: toQemuFolder(guestFolderOf(folder), this.settings.isConfined),
        to: memory,
        signal,
      })
      await killMachine(id)
      await this.publish(folder, path.join(this.templatesDir, `${this.computeKey(image, size)}-${id}`))
    } finally {
      await killMachine(id)
      await this.building.remove(id)
    }
  }

  private async publish(folder: string, dir: string) {
    // Removes everything but the disk from what QEMU could write.
    await rename(await prepareGuestFolder(folder), path.join(folder, guestFiles.disk))
    for (const name of await readdir(folder))
      if (name !== guestFiles.disk && name !== MEMORY_FILE)
        await rm(path.join(folder, name), { recursive: true, force: true })
    await mkdir(path.dirname(dir), { recursive: true, mode: 0o700 })
    await rename(folder, dir)
  }

  /** Makes a template unavailable. Its disk remains, as machines may use it as a backing file. */
  async discard({ disk }: MachineTemplate) {
    await rm(path.join(path.dirname(disk), MEMORY_FILE), { force: true })
  }

  /** Kills and removes unfinished builds of killed workers. */
  async removeAbandonedBuilds() {
    for (const id of await this.building.list()) {
      if (await hasLivePidFile(this.building.path(id))) continue
      await killMachine(id)
      await this.building.remove(id)
    }
  }
}

/** Waits for the end of the boot, flushes the disk and fills free memory with zeros, which are cheap to save and restore. */
const SETTLE_SCRIPT = `command -v systemctl >/dev/null && systemctl is-system-running --wait >/dev/null
sync
echo 3 >/proc/sys/vm/drop_caches
free=$(sed -n 's/^MemFree: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo)
mount -o remount,size=100% /dev/shm && dd if=/dev/zero of=/dev/shm/zero bs=64k count=$((free / 64 * 9 / 10)) 2>/dev/null
rm -f /dev/shm/zero
mount -o remount,size=50% /dev/shm
# Caches the programs that every restored machine runs first.
for tool in date ip mount mv ssh-keygen sshd stty systemctl; do $tool --version; done >/dev/null 2>&1
command -v bash >/dev/null && bash -l -c true >/dev/null 2>&1
true
`
