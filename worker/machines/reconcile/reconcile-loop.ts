import { runEvery } from '@/lib/concurrency/run-every'
import type { WorkerContext } from '@/worker/context'
import { markLostHosts } from '../host/host-lease'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { PortForwarder } from '../host/ports/port-forwarder'
import { expireMachines } from './expire-machines'
import { FailureLog } from './failure-log'
import { collectGarbage } from './garbage'
import { destroyOrphans, removeDeletedSnapshots } from './orphans'
import { reconcileMachines } from './reconcile-machines'
import { GracePeriod } from './grace-period'

const RECONCILE_INTERVAL_MS = 2_000
/** Files of images are looked through more rarely: nothing else waits for the room. */
const GARBAGE_INTERVAL_MS = 30_000
/** How long something may be without a row before it is removed. */
const GRACE_MS = 60_000

/** Brings what is wanted and what is there together, again and again. Returns what ends it. */
export function startReconcileLoop(
  context: WorkerContext,
  host: LocalMachineHost,
  ports: Pick<PortForwarder, 'sync'>,
) {
  const given = { ...context, host }
  const failures = new FailureLog()
  const orphans = new GracePeriod(GRACE_MS)
  const leftovers = new GracePeriod(GRACE_MS)
  const ends = [
    runEvery({
      work: async () => {
        await failures.runStep('machines', () => reconcileMachines(context, host, failures))
        await failures.runStep('due', () => expireMachines(context, failures))
        await failures.runStep('ports', () => ports.sync())
        await failures.runStep('orphans', () => destroyOrphans({ ...given, suspects: orphans }))
        await failures.runStep('snapshots', () => removeDeletedSnapshots(given))
        await failures.runStep('hosts', () => markLostHosts(context.db))
      },
      pauseMs: RECONCILE_INTERVAL_MS,
      failureMessage: 'could not reconcile machines',
    }),
    runEvery({
      work: () => collectGarbage({ ...given, suspects: leftovers }),
      pauseMs: GARBAGE_INTERVAL_MS,
      failureMessage: 'could not collect what is left of images',
    }),
  ]
  return () => Promise.all(ends.map((end) => end()))
}
