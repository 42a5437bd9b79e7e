import type { Db } from '@/lib/db'
import { log } from '@/lib/log'
import { snapshotIdOf } from '@/lib/machines/snapshot-name'
import type { MachineHost } from '../machine-host'
import type { Suspects } from './suspects'

/**
 * Removes what is left on this host of images that were made anew, and of snapshots without a row: those of a
 * person who was removed.
 */
export async function collectLeftovers(given: { db: Db; host: MachineHost; suspects: Suspects }) {
  const { hypervisor } = given.host
  const removals = new Map<string, () => Promise<void>>()
  for (const name of await hypervisor.leftovers()) removals.set(name, () => hypervisor.removeLeftover(name))
  for (const name of await snapshotsWithoutRow(given))
    removals.set(name, () => hypervisor.removeSnapshot(name))
  for (const name of given.suspects.overdue([...removals.keys()])) {
    log.warn({ name }, 'removing what no image and no machine needs')
    await removals.get(name)!()
  }
}

async function snapshotsWithoutRow({ db, host }: { db: Db; host: MachineHost }) {
  const names = (await host.hypervisor.images()).map(({ name }) => name)
  const ids = names.flatMap((name) => snapshotIdOf(name) ?? [])
  const rows = await db.machineSnapshot.findMany({ where: { id: { in: ids } }, select: { id: true } })
  const known = new Set(rows.map(({ id }) => id))
  return names.filter((name) => {
    const id = snapshotIdOf(name)
    return id && !known.has(id)
  })
}
