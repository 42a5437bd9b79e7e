import type { OnStage } from '@/worker/machines/hypervisor'
import type { ImageCatalog } from '../images/image-catalog'
import { SANDBOX_MACHINE_DIR } from './qemu-sandbox'
import type { MachineConnections } from '../state/machine-connections'
import { machineNotFound } from '@/worker/machines/drivers/machine-errors'
import type { MachineFolders } from '../state/machine-folders'
import { observeQemuMachine } from './observe-machine'
import { requireDiskSpace } from '../capacity'
import { runScript } from '../agent/run-script'
import { copyDisk } from './copy-disk'

const SYNC_TIMEOUT_MS = 60_000

/** Keeps the disk of a machine as an image of its own. One of that name that is there stays. */
export async function snapshotQemuMachine(given: {
  id: string
  name: string
  isConfined: boolean
  folders: MachineFolders
  followed: MachineConnections
  catalogue: ImageCatalog
  signal: AbortSignal
  onStage?: OnStage
}) {
  const { id, name, isConfined, folders, followed, catalogue, signal, onStage } = given
  if (await catalogue.snapshots.has(name)) return
  const isRunning = (await observeQemuMachine(folders, id)).state === 'running'
  const state = await folders.read(id)
  if (!state) throw machineNotFound()
  await requireDiskSpace(state.spec.size.diskMiB, folders.root)
  onStage?.('disk')
  const sync = { script: 'sync\n', timeoutMs: SYNC_TIMEOUT_MS, signal, onOutput: () => undefined }
  if (isRunning) await runScript(followed.getAgent(id), sync)
  const folder = folders.path(id)
  const disk = await copyDisk({
    folder,
    isRunning,
    signal,
    diskMiB: state.spec.size.diskMiB,
    seenFolder: isConfined ? SANDBOX_MACHINE_DIR : folder,
    onProgress: (progress) => onStage?.('disk', progress),
  })
  const { image, size } = state.spec
  // What is not offered any more: as much as it ran with.
  const memoryMiB = (await catalogue.findMinimumSize(image))?.memoryMiB ?? size.memoryMiB
  await catalogue.snapshots.add(name, { disk, memoryMiB, bootFrom: state.bootFrom, signal })
}
