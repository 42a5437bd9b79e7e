import { log } from '@/lib/log'
import type { WorkerContext } from '../../context'
import { markLostHosts } from '../lease'
import type { MachineHost } from '../machine-host'
import type { ForwardedPorts } from '../ports/forwarded-ports'
import { collectOrphans, removeDeletedSnapshots, type Suspects } from './orphans'
import { endDue } from './due'
import { reconcileMachines } from './reconcile-machines'

const INTERVAL_MS = 2_000
/** How long something may be without a row before it is removed. */
const GRACE_MS = 60_000

/** Brings what is wanted and what is there together, again and again. Returns what ends it. */
export function keepReconciled(
  context: WorkerContext,
  host: MachineHost,
  ports: Pick<ForwardedPorts, 'sync'>,
) {
  const suspects: Suspects = new Map()
  let isEnding = false
  let timer: NodeJS.Timeout
  const round = async () => {
    await reconcileMachines(context, host)
    await endDue(context)
    await ports.sync()
    await collectOrphans({ ...context, host, suspects, graceMs: GRACE_MS })
    await removeDeletedSnapshots({ ...context, host })
    await markLostHosts(context.db)
  }
  const again = () => {
    round()
      .catch((error: unknown) => log.warn({ err: error }, 'could not reconcile machines'))
      .finally(() => {
        if (!isEnding) timer = setTimeout(again, INTERVAL_MS)
      })
  }
  again()
  return () => {
    isEnding = true
    clearTimeout(timer)
  }
}
