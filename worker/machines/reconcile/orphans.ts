import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { snapshotMachineTask } from '@/lib/machines/tasks'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { GracePeriod } from './grace-period'

/** Removes the disks of snapshots that were deleted, or that nobody takes any more. */
export async function removeDeletedSnapshots({ db, host }: { db: Db; host: LocalMachineHost }) {
  // Work that was canceled before it began ends without anybody having been here.
  await db.$executeRaw`
    UPDATE machine_snapshot SET state = 'canceled' WHERE "hostId" = ${host.id} AND state = 'queued' AND NOT EXISTS (
      SELECT 1 FROM task
      WHERE kind = ${snapshotMachineTask.name} AND state IN ('queued', 'in_progress')
        AND "machineId" = machine_snapshot."machineId" AND payload->>'snapshotId' = machine_snapshot.id::text
    )`
  const deleted = await db.machineSnapshot.findMany({ where: { hostId: host.id, state: 'canceled' } })
  for (const { id } of deleted) {
    await host.hypervisor.removeSnapshot(toSnapshotImageName(id))
    await db.machineSnapshot.deleteMany({ where: { id, state: 'canceled' } })
  }
}

/** Removes what is left on this host of machines that are terminated or have no row, after a grace time. */
export async function destroyOrphans(given: { db: Db; host: LocalMachineHost; suspects: GracePeriod }) {
  const { db, host, suspects } = given
  const ids = await host.hypervisor.list()
  const wanted = await db.machine.findMany({
    where: { id: { in: ids }, hostId: host.id, state: { not: 'terminated' } },
    select: { id: true },
  })
  const known = new Set(wanted.map(({ id }) => id))
  const orphans = ids.filter((id) => !known.has(id) && !host.isBusy(id))
  for (const id of suspects.filterExpired(orphans)) {
    log.warn({ machineId: id }, 'removing what no row wants')
    await host.withLock(id, () => host.hypervisor.destroy(id))
  }
}
