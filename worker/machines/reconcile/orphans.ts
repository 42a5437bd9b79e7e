import type { Db } from '@/lib/db'
import { log } from '@/lib/log'
import { snapshotImage } from '@/lib/machines/snapshots'
import type { MachineHost } from '../machine-host'

/** Since when, by this process's own clock in milliseconds, something was seen without a row that wants it. */
export type Suspects = Map<string, number>

/** Removes the disks of snapshots that were deleted. */
export async function removeDeletedSnapshots({ db, host }: { db: Db; host: MachineHost }) {
  const deleted = await db.machineSnapshot.findMany({ where: { hostId: host.id, state: 'canceled' } })
  for (const { id } of deleted) {
    await host.hypervisor.removeSnapshot(snapshotImage(id))
    await db.machineSnapshot.deleteMany({ where: { id, state: 'canceled' } })
  }
}

/** Removes what is left on this host of machines that are terminated or have no row, after `graceMs`. */
export async function collectOrphans(given: {
  db: Db
  host: MachineHost
  suspects: Suspects
  graceMs: number
}) {
  const { db, host, suspects, graceMs } = given
  const ids = await host.hypervisor.list()
  const wanted = await db.machine.findMany({
    where: { id: { in: ids }, hostId: host.id, state: { not: 'terminated' } },
    select: { id: true },
  })
  const known = new Set(wanted.map(({ id }) => id))
  const orphans = ids.filter((id) => !known.has(id) && !host.isBusy(id))
  for (const id of [...suspects.keys()].filter((one) => !orphans.includes(one))) suspects.delete(id)
  for (const id of orphans) {
    const since = suspects.get(id) ?? performance.now()
    suspects.set(id, since)
    if (performance.now() - since < graceMs) continue
    log.warn({ machineId: id }, 'removing what no row wants')
    await host.inTurn(id, () => host.hypervisor.destroy(id))
    suspects.delete(id)
  }
}
