import type { MachineObservation } from '@/worker/machines/hypervisor'
import { isOutboundLost } from '../network/restore-outbound'
import { machineFiles, type MachineFolders, type MachineRecord } from '../state/machine-folders'
import { describePanic } from '../console/panic'
import { isMachineProcess, killMachine } from '../state/processes'
import { withQmp } from '../monitor/qmp'
import { readStderrTail } from './spawn-qemu'

const QMP_STATUS_TIMEOUT_MS = 3_000

export const queryStatus = (folder: string) =>
  withQmp(
    `${folder}/${machineFiles.monitor}`,
    async (qmp) => (await qmp.execute<{ status: string }>('query-status')).status,
    QMP_STATUS_TIMEOUT_MS,
  )

/**
 * What a machine does now, seen from its process. One that ended while nobody looked tells why: QEMU
 * stays, stopped, after a shutdown or a panic of the guest, and is put away here.
 */
export async function observeQemuMachine(folders: MachineFolders, id: string): Promise<MachineObservation> {
  const state = await folders.read(id)
  if (!state) return { state: 'absent' }
  if (!state.process) return { state: 'stopped', reason: state.reason }
  const folder = folders.path(id)
  if (!(await isMachineProcess(id, state.process)))
    return recordStop(folders, state, await describeExit(folder))
  // A monitor that does not answer says nothing against the machine.
  const status = await queryStatus(folder).catch(() => 'running')
  const startedAt = state.startedAt ? new Date(state.startedAt) : undefined
  if (status === 'guest-panicked') return recordStop(folders, state, await describePanic(folder))
  if (status === 'shutdown') return recordStop(folders, state, 'It was shut down from inside.')
  if (status === 'io-error') return { state: 'running', startedAt, reason: DISK_FULL_REASON }
  if (state.spec.network === 'outbound' && (await isOutboundLost(state.process)))
    return { state: 'running', startedAt, reason: OUTBOUND_LOST_REASON }
  return { state: 'running', startedAt }
}

const DISK_FULL_REASON = 'It waits, because this server’s disk is full.'
const OUTBOUND_LOST_REASON = 'It has no internet now: the program that connects it was ended.'

async function recordStop(
  folders: MachineFolders,
  state: MachineRecord,
  why: string,
): Promise<MachineObservation> {
  const { id } = state.spec
  await quitQemu(folders.path(id), id)
  const now = await folders.read(id)
  const reason = now?.isStopWanted ? undefined : why
  // Somebody may have started it again meanwhile.
  if (now?.process?.pid === state.process?.pid) await folders.update(id, { process: undefined, reason })
  return { state: 'stopped', reason }
}

/** Ends the emulator in order, so that the disk is whole; by force when it does not listen. */
export async function quitQemu(folder: string, id: string) {
  await withQmp(
    `${folder}/${machineFiles.monitor}`,
    (qmp) => qmp.execute('quit'),
    QMP_STATUS_TIMEOUT_MS,
  ).catch(() => undefined)
  await killMachine(id)
}

async function describeExit(folder: string) {
  const words = await readStderrTail(folder)
  return `It was ended from outside: its emulator is gone${words ? ` (${words})` : ', killed or out of memory'}.`
}
