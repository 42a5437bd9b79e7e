import type { Db } from '@/lib/database/db'
import { recordMachineEvent } from '@/lib/machines/events'
import { tryTransitionMachine } from '@/lib/machines/state'
import type { Hypervisor } from '../hypervisor'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** Shorter than for a stop request, because the operator waits for it. */
const SHUTDOWN_GRACE_MS = 4_000
const TIMEOUT_MS = 15_000

/**
 * Shuts down all machines of this host when the whole app stops. Disks remain; machines that restart automatically
 * start again with the app. Closes the hypervisor.
 * @throws {Error} listing every machine that could not be stopped
 */
export async function stopAllMachines({ db, hypervisor }: { db: Db; hypervisor: Hypervisor }) {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const stop = async (id: string) => {
    await hypervisor.stop(id, { graceMs: SHUTDOWN_GRACE_MS, signal })
    const message = messages.serverShutDown()
    const isStopped = await tryTransitionMachine(db, {
      id,
      to: 'stopped',
      data: { startedAt: null, error: { code: 'machine.server_ended', message } },
    })
    if (isStopped) await recordMachineEvent(db, { machineId: id, action: 'stopped', detail: message })
  }
  const observations = [...(await hypervisor.observeAll())]
  const running = observations.filter(([, { state }]) => state === 'running')
  const results = await Promise.allSettled(running.map(([id]) => stop(id)))
  await hypervisor.close()
  const failed = results.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason))
  if (failed.length > 0) throw new Error(failed.join('; '))
}
