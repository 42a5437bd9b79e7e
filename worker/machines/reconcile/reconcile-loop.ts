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
/** Scanning image files is expensive, and freeing their space is not urgent. */
const GARBAGE_INTERVAL_MS = 30_000
/** How long a machine or file must be unused before it is removed. */
const GRACE_MS = 60_000

/** Reconciles this host's machines, ports, snapshots and files with the database in a loop. Returns an async stop. */
export function startReconcileLoop(
  context: WorkerContext,
  host: LocalMachineHost,
  ports: Pick<PortForwarder, 'sync'>,
) {
  const deps = { ...context, host }
  const failures = new FailureLog()
  const orphans = new GracePeriod(GRACE_MS)
  const garbage = new GracePeriod(GRACE_MS)
  const stops = [
    runEvery({
      work: async () => {
        await failures.runStep('machines', () => reconcileMachines(context, host, failures))
        await failures.runStep('expiry', () => expireMachines(context, failures))
        await failures.runStep('ports', () => ports.sync())
        await failures.runStep('orphans', () => destroyOrphans({ ...deps, gracePeriod: orphans }))
        await failures.runStep('snapshots', () => removeDeletedSnapshots(deps))
        await failures.runStep('hosts', () => markLostHosts(context.db))
      },
      pauseMs: RECONCILE_INTERVAL_MS,
      failureMessage: 'reconcile round failed',
    }),
    runEvery({
      work: () => collectGarbage({ ...deps, gracePeriod: garbage }),
      pauseMs: GARBAGE_INTERVAL_MS,
      failureMessage: 'garbage collection failed',
    }),
  ]
  return () => Promise.all(stops.map((stop) => stop()))
}
