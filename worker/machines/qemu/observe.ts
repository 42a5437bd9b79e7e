import type { Observed } from '../hypervisor'
import { isCutOff } from '../network/reopen-outbound'
import { files, type MachineFolders, type MachineState } from './machine-folder'
import { whyPanicked } from './panic'
import { isProcessOf, killMachine } from './processes'
import { withQmp } from './qmp'
import { lastWords } from './spawn-machine'

const STATUS_MS = 3_000

export const statusOf = (folder: string) =>
  withQmp(
    `${folder}/${files.monitor}`,
    async (qmp) => (await qmp.execute<{ status: string }>('query-status')).status,
    STATUS_MS,
  )

/**
 * What a machine does now, seen from its process. One that ended while nobody looked tells why: QEMU
 * stays, stopped, after a shutdown or a panic of the guest, and is put away here.
 */
export async function observeMachine(folders: MachineFolders, id: string): Promise<Observed> {
  const state = await folders.read(id)
  if (!state) return { state: 'absent' }
  if (!state.process) return { state: 'stopped', reason: state.reason }
  const folder = folders.path(id)
  if (!(await isProcessOf(id, state.process))) return settle(folders, state, await whyGone(folder))
  // A monitor that does not answer says nothing against the machine.
  const status = await statusOf(folder).catch(() => 'running')
  const startedAt = state.startedAt ? new Date(state.startedAt) : undefined
  if (status === 'guest-panicked') return settle(folders, state, await whyPanicked(folder))
  if (status === 'shutdown') return settle(folders, state, 'It was shut down from inside.')
  if (status === 'io-error') return { state: 'running', startedAt, reason: DISK_FULL }
  if (state.spec.network === 'outbound' && (await isCutOff(state.process)))
    return { state: 'running', startedAt, reason: CUT_OFF }
  return { state: 'running', startedAt }
}

const DISK_FULL = 'It waits, because this server’s disk is full.'
const CUT_OFF = 'It has no internet now: the program that connects it was ended.'

async function settle(folders: MachineFolders, state: MachineState, why: string): Promise<Observed> {
  const { id } = state.spec
  await quit(folders.path(id), id)
  const now = await folders.read(id)
  const reason = now?.isStopWanted ? undefined : why
  // Somebody may have started it again meanwhile.
  if (now?.process?.pid === state.process?.pid) await folders.change(id, { process: undefined, reason })
  return { state: 'stopped', reason }
}

/** Ends the emulator in order, so that the disk is whole; by force when it does not listen. */
export async function quit(folder: string, id: string) {
  await withQmp(`${folder}/${files.monitor}`, (qmp) => qmp.execute('quit'), STATUS_MS).catch(() => undefined)
  await killMachine(id)
}

async function whyGone(folder: string) {
  const words = await lastWords(folder)
  return `It was ended from outside: its emulator is gone${words ? ` (${words})` : ', killed or out of memory'}.`
}
