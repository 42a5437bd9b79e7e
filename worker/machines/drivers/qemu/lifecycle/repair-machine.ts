import { listBlockedRanges } from '../network/blocked-ranges'
import { restoreOutbound } from '../network/restore-outbound'
import type { QemuSettings } from './start-guest'
import { machineFiles, type MachineFolders } from '../state/machine-folders'
import { queryStatus } from './observe-machine'
import { withQmp } from '../monitor/qmp'
import { hasDiskSpace } from '../capacity'

/** Has a machine that waits for room on this server's disk go on, and gives one that was cut off its way out again. */
export async function repairQemuMachine(given: {
  id: string
  folders: MachineFolders
  engine: Pick<QemuSettings, 'closedRanges'>
}) {
  const { id, folders, engine } = given
  const state = await folders.read(id)
  if (!state?.process) return
  const folder = folders.path(id)
  if ((await queryStatus(folder)) === 'io-error' && (await hasDiskSpace(0, folder)))
    await withQmp(`${folder}/${machineFiles.monitor}`, (qmp) => qmp.execute('cont'))
  if (state.spec.network === 'outbound')
    await restoreOutbound({
      id,
      process: state.process,
      log: `${folder}/${machineFiles.networkLog}`,
      forbidden: await listBlockedRanges(engine.closedRanges),
    })
}
