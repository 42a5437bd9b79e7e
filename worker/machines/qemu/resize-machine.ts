import { growDisk } from '../images/qemu-img'
import type { MachineSize } from '../hypervisor'
import { absent, diskShrinks, notStopped } from './machine-errors'
import { files, type MachineFolders } from './machine-folder'

/** Gives a stopped machine another size, from its next start on. @throws {AppError} machine.not_found, machine.not_stopped */
export async function resizeMachine(given: {
  id: string
  size: MachineSize
  folders: MachineFolders
  isStopped: boolean
}) {
  const { id, size, folders, isStopped } = given
  const state = await folders.read(id)
  if (!state) throw absent()
  if (!isStopped) throw notStopped()
  const { spec } = state
  if (size.diskMiB < spec.size.diskMiB) throw diskShrinks(spec.size.diskMiB, size.diskMiB)
  if (size.diskMiB > spec.size.diskMiB) await growDisk(folders.path(id, files.disk), size.diskMiB)
  await folders.change(id, { spec: { ...spec, size } })
}
