import { hasDiskSpace } from '../capacity'
import { queryStatus, resumeGuest } from '../monitor/qmp-commands'
import { listBlockedRanges } from '../network/blocked-ranges'
import { restoreOutbound } from '../network/restore-outbound'
import type { QemuSettings } from '../qemu-settings'
import { machineFiles } from '../state/machine-files'
import type { MachineFolders } from '../state/machine-folders'

interface RepairOptions {
  id: string
  folders: MachineFolders
  settings: Pick<QemuSettings, 'blockedRanges'>
}

/** Resumes a guest that is paused on a full disk once there is space, and restores a lost outbound network. Idempotent. */
export async function repairQemuMachine({ id, folders, settings }: RepairOptions) {
  const record = await folders.read(id)
  if (!record?.process) return
  const folder = folders.path(id)
  if ((await queryStatus(folder)) === 'io-error' && (await hasDiskSpace(0, folder))) await resumeGuest(folder)
  if (record.spec.network === 'outbound')
    await restoreOutbound({
      id,
      process: record.process,
      log: `${folder}/${machineFiles.networkLog}`,
      blockedRanges: await listBlockedRanges(settings.blockedRanges),
    })
}
