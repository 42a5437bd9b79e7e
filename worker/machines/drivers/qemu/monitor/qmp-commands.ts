import { guestFileOf, guestFiles } from '../state/machine-files'
import { killMachine } from '../state/processes'
import { withQmp } from './qmp'

const COMMAND_TIMEOUT_MS = 3_000

const monitorPath = (folder: string) => guestFileOf(folder, guestFiles.monitor)

/** The run state of the guest: `running`, `shutdown`, `guest-panicked`, `io-error`, … (QMP RunState). */
export const queryStatus = (folder: string) =>
  withQmp(
    { path: monitorPath(folder), timeoutMs: COMMAND_TIMEOUT_MS },
    async (qmp) => (await qmp.execute<{ status: string }>('query-status')).status,
  )

/** Continues a guest that is paused after an I/O error. */
export const resumeGuest = (folder: string) =>
  withQmp({ path: monitorPath(folder) }, (qmp) => qmp.execute('cont'))

/** Presses the power button of the guest (ACPI). */
export const pressPowerButton = (folder: string) =>
  withQmp({ path: monitorPath(folder) }, (qmp) => qmp.execute('system_powerdown'))

/** Quits QEMU so that the disk is consistent, then kills all remaining processes of the machine. */
export async function quitQemu(folder: string, id: string) {
  const monitor = { path: monitorPath(folder), timeoutMs: COMMAND_TIMEOUT_MS }
  await withQmp(monitor, (qmp) => qmp.execute('quit')).catch(() => undefined)
  await killMachine(id)
}
