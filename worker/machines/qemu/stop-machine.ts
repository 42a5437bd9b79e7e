import type { Followed } from './followed'
import { files, type MachineFolders } from './machine-folder'
import { quit, statusOf } from './observe'
import { isSameProcess } from './processes'
import { withQmp } from './qmp'

const LOOK_MS = 50

/** Asks the guest to shut down, in both ways there are; after `graceMs` the power goes. */
export async function stopMachine(given: {
  id: string
  graceMs: number
  folders: MachineFolders
  followed: Followed
  signal: AbortSignal
}) {
  const { id, graceMs, folders, followed, signal } = given
  const folder = folders.path(id)
  await folders.change(id, { isStopWanted: true })
  if (graceMs > 0) {
    void followed
      .agent(id)
      .say('off 0')
      .catch(() => undefined)
    await withQmp(`${folder}/${files.monitor}`, (qmp) => qmp.execute('system_powerdown')).catch(
      () => undefined,
    )
    const until = performance.now() + graceMs
    while (performance.now() < until && (await isOn(folders, id))) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      signal.throwIfAborted()
    }
  }
  await quit(folder, id)
  await folders.change(id, { process: undefined, reason: undefined })
}

async function isOn(folders: MachineFolders, id: string) {
  const state = await folders.read(id)
  if (!state?.process || !(await isSameProcess(state.process))) return false
  return (await statusOf(folders.path(id)).catch(() => 'running')) === 'running'
}
