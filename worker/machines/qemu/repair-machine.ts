import { forbiddenRanges } from '../network/forbidden'
import { reopenOutbound } from '../network/reopen-outbound'
import type { Engine } from './guest'
import { files, type MachineFolders } from './machine-folder'
import { statusOf } from './observe'
import { withQmp } from './qmp'
import { isRoomFor } from './room'

/** Has a machine that waits for room on this server's disk go on, and gives one that was cut off its way out again. */
export async function repairMachine(given: {
  id: string
  folders: MachineFolders
  engine: Pick<Engine, 'closedRanges'>
}) {
  const { id, folders, engine } = given
  const state = await folders.read(id)
  if (!state?.process) return
  const folder = folders.path(id)
  if ((await statusOf(folder)) === 'io-error' && (await isRoomFor(0, folder)))
    await withQmp(`${folder}/${files.monitor}`, (qmp) => qmp.execute('cont'))
  if (state.spec.network === 'outbound')
    await reopenOutbound({
      id,
      process: state.process,
      log: `${folder}/${files.networkLog}`,
      forbidden: await forbiddenRanges(engine.closedRanges),
    })
}
