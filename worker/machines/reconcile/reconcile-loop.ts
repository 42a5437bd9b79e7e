import type { PgBoss } from 'pg-boss'
import { runEvery } from '@/lib/concurrency/run-every'
import type { Db } from '@/lib/database/db'
import { markLostHosts } from '../host/host-lease'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { PortForwarder } from '../host/ports/port-forwarder'
import { expireMachines } from './expire-machines'
import { FailureLog } from './failure-log'
import { collectGarbage } from './collect-garbage'
import { destroyOrphans, removeDeletedSnapshots } from './orphans'
import { reconcileMachines } from './reconcile-machines'
import { takeOverMachines } from './take-over'
import { GracePeriod } from './grace-period'

const RECONCILE_INTERVAL_MS = 2_000
/** Looking for what is left over is expensive, and freeing its space is not urgent. */
const GARBAGE_INTERVAL_MS = 30_000
/** How long a machine or file must be unused before it is removed. */
const GRACE_MS = 60_000

interface Deps {
  db: Db
  boss: PgBoss
  host: LocalMachineHost
  ports: Pick<PortForwarder, 'sync'>
}

/** Reconciles this host's machines, ports, snapshots and files with the database in a loop. Returns an async stop. */
export function startReconcileLoop(deps: Deps) {
  const failures = new FailureLog()
  const orphans = new GracePeriod(GRACE_MS)
  const garbage = new GracePeriod(GRACE_MS)
  const stops = [
    runEvery({
      work: async () => {
        await failures.runStep('takeover', () => takeOverMachines(deps))
        await failures.runStep('machines', () => reconcileMachines(deps, failures))
        await failures.runStep('expiry', () => expireMachines(deps, failures))
        await failures.runStep('ports', () => deps.ports.sync())
        await failures.runStep('snapshots', () => removeDeletedSnapshots(deps))
        await failures.runStep('hosts', () => markLostHosts(deps.db))
      },
      pauseMs: RECONCILE_INTERVAL_MS,
      failureMessage: 'reconcile round failed',
    }),
    runEvery({
      work: async () => {
        await failures.runStep('orphans', () => destroyOrphans({ ...deps, gracePeriod: orphans }))
        await failures.runStep('garbage', () => collectGarbage({ ...deps, gracePeriod: garbage }))
      },
      pauseMs: GARBAGE_INTERVAL_MS,
      failureMessage: 'garbage collection failed',
    }),
  ]
  return () => Promise.all(stops.map((stop) => stop()))
}
