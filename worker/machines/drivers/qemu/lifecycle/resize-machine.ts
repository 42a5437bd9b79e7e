import { growDisk } from '../images/qemu-img'
import type { MachineSize } from '@/worker/machines/hypervisor'
import {
  machineNotFound,
  diskCannotShrink,
  machineNotStopped,
} from '@/worker/machines/drivers/machine-errors'
import { machineFiles, type MachineFolders } from '../state/machine-folders'

/** Gives a stopped machine another size, from its next start on. @throws {AppError} machine.not_found, machine.not_stopped */
export async function resizeQemuMachine(given: {
  id: string
  size: MachineSize
  folders: MachineFolders
  isStopped: boolean
}) {
  const { id, size, folders, isStopped } = given
  const state = await folders.read(id)
  if (!state) throw machineNotFound()
  if (!isStopped) throw machineNotStopped()
  const { spec } = state
  if (size.diskMiB < spec.size.diskMiB) throw diskCannotShrink(spec.size.diskMiB, size.diskMiB)
  if (size.diskMiB > spec.size.diskMiB) await growDisk(folders.path(id, machineFiles.disk), size.diskMiB)
  await folders.update(id, { spec: { ...spec, size } })
}
