import type { MachineSize } from '@/worker/machines/hypervisor'
import { diskCannotShrink, machineNotFound, machineNotStopped } from '../../machine-errors'
import { growDisk } from '../images/qemu-img'
import { prepareGuestFolder } from '../state/guest-folder'
import type { MachineFolders } from '../state/machine-folders'

interface ResizeOptions {
  id: string
  size: MachineSize
  folders: MachineFolders
  isStopped: boolean
}

/**
 * Changes the size of a stopped machine, which takes effect at its next start.
 * @throws {AppError} machine.not_found, machine.not_stopped
 * @throws {PermanentError} machine.disk_shrinks
 */
export async function resizeQemuMachine({ id, size, folders, isStopped }: ResizeOptions) {
  const record = await folders.read(id)
  if (!record) throw machineNotFound()
  if (!isStopped) throw machineNotStopped()
  const { spec } = record
  if (size.diskMiB < spec.size.diskMiB) throw diskCannotShrink(spec.size.diskMiB, size.diskMiB)
  if (size.diskMiB > spec.size.diskMiB)
    await growDisk({
      disk: await prepareGuestFolder(folders.path(id)),
      backing: record.backing,
      sizeMiB: size.diskMiB,
    })
  await folders.update(id, { spec: { ...spec, size } })
}
