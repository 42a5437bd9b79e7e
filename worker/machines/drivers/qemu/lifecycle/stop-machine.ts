import type { MachineConnections } from '../state/machine-connections'
import { machineFiles, type MachineFolders } from '../state/machine-folders'
import { quitQemu, queryStatus } from './observe-machine'
import { isSameProcess } from '../state/processes'
import { withQmp } from '../monitor/qmp'

const POLL_INTERVAL_MS = 50

/** Asks the guest to shut down, in both ways there are; after `graceMs` the power goes. */
export async function stopQemuMachine(given: {
  id: string
  graceMs: number
  folders: MachineFolders
  followed: MachineConnections
  signal: AbortSignal
}) {
  const { id, graceMs, folders, followed, signal } = given
  const folder = folders.path(id)
  await folders.update(id, { isStopWanted: true })
  if (graceMs > 0) {
    void followed
      .getAgent(id)
      .send('off 0')
      .catch(() => undefined)
    await withQmp(`${folder}/${machineFiles.monitor}`, (qmp) => qmp.execute('system_powerdown')).catch(
      () => undefined,
    )
    const until = performance.now() + graceMs
    while (performance.now() < until && (await isGuestRunning(folders, id))) {
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS))
      signal.throwIfAborted()
    }
  }
  await quitQemu(folder, id)
  await folders.update(id, { process: undefined, reason: undefined })
}

async function isGuestRunning(folders: MachineFolders, id: string) {
  const state = await folders.read(id)
  if (!state?.process || !(await isSameProcess(state.process))) return false
  return (await queryStatus(folders.path(id)).catch(() => 'running')) === 'running'
}
