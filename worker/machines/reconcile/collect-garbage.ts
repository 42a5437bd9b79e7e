import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { parseSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { GracePeriod } from './grace-period'

/** Removes outdated image builds, and snapshots without a row (of deleted users), after a grace period. */
export async function collectGarbage(deps: { db: Db; host: LocalMachineHost; gracePeriod: GracePeriod }) {
  const { hypervisor } = deps.host
  const removals = new Map<string, () => Promise<void>>()
  const { templates } = hypervisor
  for (const name of (await templates?.listGarbage()) ?? [])
    removals.set(name, async () => templates?.removeGarbage(name))
  for (const name of await findOrphanedSnapshots(deps))
    removals.set(name, () => hypervisor.removeSnapshot(name))
  for (const name of deps.gracePeriod.filterExpired([...removals.keys()])) {
    log.warn({ name }, 'removing unused image files')
    await removals.get(name)!()
  }
}

async function findOrphanedSnapshots({ db, host }: { db: Db; host: LocalMachineHost }) {
  const names = (await host.hypervisor.listImages()).map(({ name }) => name)
  const ids = names.flatMap((name) => parseSnapshotImageName(name) ?? [])
  const rows = await db.machineSnapshot.findMany({ where: { id: { in: ids } }, select: { id: true } })
  const known = new Set(rows.map(({ id }) => id))
  return names.filter((name) => {
    const id = parseSnapshotImageName(name)
    return id && !known.has(id)
  })
}
