import { againAndAgain } from '../../again-and-again'
import type { WorkerContext } from '../../context'
import { markLostHosts } from '../lease'
import type { MachineHost } from '../machine-host'
import type { ForwardedPorts } from '../ports/forwarded-ports'
import { endDue } from './due'
import { Failures } from './failures'
import { collectLeftovers } from './leftovers'
import { collectOrphans, removeDeletedSnapshots } from './orphans'
import { reconcileMachines } from './reconcile-machines'
import { Suspects } from './suspects'

const INTERVAL_MS = 2_000
/** Files of images are looked through more rarely: nothing else waits for the room. */
const LEFTOVERS_MS = 30_000
/** How long something may be without a row before it is removed. */
const GRACE_MS = 60_000

/** Brings what is wanted and what is there together, again and again. Returns what ends it. */
export function keepReconciled(
  context: WorkerContext,
  host: MachineHost,
  ports: Pick<ForwardedPorts, 'sync'>,
) {
  const given = { ...context, host }
  const failures = new Failures()
  const orphans = new Suspects(GRACE_MS)
  const leftovers = new Suspects(GRACE_MS)
  const ends = [
    againAndAgain({
      work: async () => {
        await failures.step('machines', () => reconcileMachines(context, host, failures))
        await failures.step('due', () => endDue(context, failures))
        await failures.step('ports', () => ports.sync())
        await failures.step('orphans', () => collectOrphans({ ...given, suspects: orphans }))
        await failures.step('snapshots', () => removeDeletedSnapshots(given))
        await failures.step('hosts', () => markLostHosts(context.db))
      },
      pauseMs: INTERVAL_MS,
      problem: 'could not reconcile machines',
    }),
    againAndAgain({
      work: () => collectLeftovers({ ...given, suspects: leftovers }),
      pauseMs: LEFTOVERS_MS,
      problem: 'could not collect what is left of images',
    }),
  ]
  return () => Promise.all(ends.map((end) => end()))
}
