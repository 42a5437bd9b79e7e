import type { MachineObservation } from '@/worker/machines/hypervisor'
import { describePanic } from '../console/panic'
import { queryStatus, quitQemu } from '../monitor/qmp-commands'
import { isOutboundLost } from '../network/restore-outbound'
import type { MachineFolders, MachineRecord } from '../state/machine-folders'
import { isMachineProcess } from '../state/processes'
import { trimLog } from '../console/trim-log'
import { machineFiles } from '../state/machine-files'
import { readStderrTail } from './spawn-qemu'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/**
 * Reads the state of a machine from its process. QEMU stays paused after a shutdown or a panic of the guest; this records
 * the reason and quits it.
 */
export async function observeQemuMachine(folders: MachineFolders, id: string): Promise<MachineObservation> {
  const record = await folders.read(id)
  if (!record) return { state: 'absent' }
  if (!record.process) return { state: 'stopped', reason: record.reason }
  const folder = folders.path(id)
  if (!(await isMachineProcess(id, record.process)))
    return recordStop(folders, record, await describeExit(folder))
  for (const name of [machineFiles.emulatorLog, machineFiles.networkLog]) await trimLog(`${folder}/${name}`)
  // An unresponsive monitor does not mean that the guest is down.
  const status = await queryStatus(folder).catch(() => 'running')
  const startedAt = record.startedAt ? new Date(record.startedAt) : undefined
  if (status === 'guest-panicked') return recordStop(folders, record, await describePanic(folder))
  if (status === 'shutdown') return recordStop(folders, record, messages.shutDownInside())
  if (status === 'io-error') return { state: 'running', startedAt, reason: messages.diskFull() }
  if (record.spec.network === 'outbound' && (await isOutboundLost(record.process)))
    return { state: 'running', startedAt, reason: messages.outboundLost() }
  return { state: 'running', startedAt }
}

async function recordStop(
  folders: MachineFolders,
  record: MachineRecord,
  unexpectedReason: string,
): Promise<MachineObservation> {
  const { id } = record.spec
  await quitQemu(folders.path(id), id)
  const current = await folders.read(id)
  const reason = current?.isStopWanted ? undefined : unexpectedReason
  // Unless the machine has been started again in another process.
  if (current?.process?.pid === record.process?.pid) await folders.update(id, { process: undefined, reason })
  return { state: 'stopped', reason }
}

async function describeExit(folder: string) {
  const stderrTail = await readStderrTail(folder)
  return stderrTail ? messages.emulatorExited({ value: stderrTail }) : messages.emulatorKilled()
}
