import type { OnStage } from '@/worker/machines/hypervisor'
import type { ImageCatalog } from '../images/image-catalog'
import { toQemuFolder } from './qemu-sandbox'
import type { MachineConnections } from '../state/machine-connections'
import { machineNotFound } from '../../machine-errors'
import type { MachineFolders } from '../state/machine-folders'
import { observeQemuMachine } from './observe-machine'
import { guestFolderOf } from '../state/machine-files'
import { requireDiskSpace } from '../capacity'
import { runScript } from '../agent/run-script'
import { copyDisk } from './copy-disk'

const SYNC_TIMEOUT_MS = 60_000

interface SnapshotOptions {
  id: string
  name: string
  isConfined: boolean
  folders: MachineFolders
  connections: MachineConnections
  catalog: ImageCatalog
  signal: AbortSignal
  onStage?: OnStage
}

/**
 * Copies the disk of a machine into a new image named `name`. Does nothing when that snapshot exists.
 * @throws {AppError} machine.not_found, machine.not_copied
 * @throws {PermanentError} machine.no_room
 */
export async function snapshotQemuMachine(options: SnapshotOptions) {
  const { id, name, isConfined, folders, connections, catalog, signal, onStage } = options
  if (await catalog.snapshots.has(name)) return
  const isRunning = (await observeQemuMachine(folders, id)).state === 'running'
  const record = await folders.read(id)
  if (!record) throw machineNotFound()
  await requireDiskSpace(record.spec.size.diskMiB, folders.root)
  onStage?.('disk')
  const sync = { script: 'sync\n', timeoutMs: SYNC_TIMEOUT_MS, signal, onOutput: () => undefined }
  if (isRunning) await runScript(connections.getAgent(id), sync)
  const folder = folders.path(id)
  const disk = await copyDisk({
    folder,
    isRunning,
    signal,
    diskMiB: record.spec.size.diskMiB,
    qemuFolder: toQemuFolder(guestFolderOf(folder), isConfined),
    backing: record.backing,
    onProgress: (progress) => onStage?.('disk', progress),
  })
  const { image, size } = record.spec
  // An image that is no longer in the catalog has no minimum: uses the memory of the machine.
  const memoryMiB = (await catalog.findMinimumSize(image))?.memoryMiB ?? size.memoryMiB
  await catalog.snapshots.add(name, { disk, memoryMiB, bootFrom: record.bootFrom, signal })
}
