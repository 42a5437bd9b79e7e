import { waitUntil } from '@/lib/concurrency/wait-until'
import { isSameProcess } from '@/worker/process/process-identity'
import { pressPowerButton, queryStatus, quitQemu } from '../monitor/qmp-commands'
import type { MachineConnections } from '../state/machine-connections'
import type { MachineFolders } from '../state/machine-folders'

const POLL_INTERVAL_MS = 50

interface StopOptions {
  id: string
  /** Time for a clean shutdown, in milliseconds; 0 powers off at once. */
  graceMs: number
  folders: MachineFolders
  connections: MachineConnections
  signal: AbortSignal
}

/** Shuts the guest down through its agent and ACPI, then quits QEMU. @throws the signal's reason */
export async function stopQemuMachine({ id, graceMs, folders, connections, signal }: StopOptions) {
  const folder = folders.path(id)
  await folders.update(id, { isStopWanted: true })
  if (graceMs > 0) {
    void connections
      .getAgent(id)
      .send('off 0')
      .catch(() => undefined)
    await pressPowerButton(folder).catch(() => undefined)
    const isStopped = async () => !(await isGuestRunning(folders, id))
    await waitUntil(isStopped, { intervalMs: POLL_INTERVAL_MS, timeoutMs: graceMs, signal })
  }
  await quitQemu(folder, id)
  await folders.update(id, { process: undefined, reason: undefined })
}

async function isGuestRunning(folders: MachineFolders, id: string) {
  const record = await folders.read(id)
  if (!record?.process || !(await isSameProcess(record.process))) return false
  return (await queryStatus(folders.path(id)).catch(() => 'running')) === 'running'
}
