import type { Db } from '@/lib/database/db'
import { recordMachineEvent } from '@/lib/machines/events'
import { machineTransitions } from '@/lib/machines/state'
import type { Hypervisor } from '../hypervisor'

const SHUTDOWN_GRACE_MS = 4_000
const TIMEOUT_MS = 15_000

/**
 * Shuts down all machines of this computer, when all of the app ends with them. Their disks stay, and
 * those that are to be kept running are started again with the app. Throws, naming every reason, when some
 * could not be ended.
 */
export async function stopAllMachines({ db, hypervisor }: { db: Db; hypervisor: Hypervisor }) {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const end = async (id: string) => {
    if ((await hypervisor.observe(id)).state !== 'running') return
    await hypervisor.stop(id, { graceMs: SHUTDOWN_GRACE_MS, signal })
    const message = 'The server was shut down.'
    const { count } = await db.machine.updateMany({
      where: { id, state: { in: machineTransitions.statesBefore('stopped') } },
      data: { state: 'stopped', startedAt: null, error: { code: 'machine.server_ended', message } },
    })
    if (count > 0) await recordMachineEvent(db, { machineId: id, action: 'stopped', detail: message })
  }
  const ends = await Promise.allSettled((await hypervisor.list()).map(end))
  await hypervisor.close()
  const failed = ends.filter((one) => one.status === 'rejected').map(({ reason }) => String(reason))
  if (failed.length > 0) throw new Error(failed.join('; '))
}
