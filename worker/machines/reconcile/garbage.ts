import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { parseSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { GracePeriod } from './grace-period'

/**
 * Removes what is left on this host of images that were made anew, and of snapshots without a row: those of a
 * person who was removed.
 */
export async function collectGarbage(given: { db: Db; host: LocalMachineHost; suspects: GracePeriod }) {
  const { hypervisor } = given.host
  const removals = new Map<string, () => Promise<void>>()
  for (const name of await hypervisor.listGarbage()) removals.set(name, () => hypervisor.removeGarbage(name))
  for (const name of await findOrphanedSnapshots(given))
    removals.set(name, () => hypervisor.removeSnapshot(name))
  for (const name of given.suspects.filterExpired([...removals.keys()])) {
    log.warn({ name }, 'removing what no image and no machine needs')
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
