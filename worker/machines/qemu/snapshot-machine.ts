import type { OnStage } from '../hypervisor'
import type { Catalogue } from '../images/catalogue'
import { GUEST_FOLDER } from './confine-machine'
import type { Followed } from './followed'
import { absent } from './machine-errors'
import type { MachineFolders } from './machine-folder'
import { observeMachine } from './observe'
import { refuseWithoutDisk } from './room'
import { runScript } from './run-script'
import { copyDisk } from './snapshot-disk'

const SYNC_MS = 60_000

/** Keeps the disk of a machine as an image of its own. One of that name that is there stays. */
export async function snapshotMachine(given: {
  id: string
  name: string
  isConfined: boolean
  folders: MachineFolders
  followed: Followed
  catalogue: Catalogue
  signal: AbortSignal
  onStage?: OnStage
}) {
  const { id, name, isConfined, folders, followed, catalogue, signal, onStage } = given
  if (await catalogue.snapshots.has(name)) return
  const isRunning = (await observeMachine(folders, id)).state === 'running'
  const state = await folders.read(id)
  if (!state) throw absent()
  await refuseWithoutDisk(state.spec.size.diskMiB, folders.root)
  onStage?.('disk')
  const sync = { script: 'sync\n', timeoutMs: SYNC_MS, signal, onOutput: () => undefined }
  if (isRunning) await runScript(followed.agent(id), sync)
  const folder = folders.path(id)
  const disk = await copyDisk({
    folder,
    isRunning,
    signal,
    diskMiB: state.spec.size.diskMiB,
    seenFolder: isConfined ? GUEST_FOLDER : folder,
    onProgress: (progress) => onStage?.('disk', progress),
  })
  const { image, size } = state.spec
  // What is not offered any more: as much as it ran with.
  const memoryMiB = (await catalogue.minimumOf(image))?.memoryMiB ?? size.memoryMiB
  await catalogue.snapshots.keep(name, { disk, memoryMiB, bootFrom: state.bootFrom, signal })
}
