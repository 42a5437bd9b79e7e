import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { snapshotMachineTask } from '@/lib/machines/tasks'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { GracePeriod } from './grace-period'

/** Removes the disks of deleted snapshots, and of those whose task ended before it ran. */
export async function removeDeletedSnapshots({ db, host }: { db: Db; host: LocalMachineHost }) {
  // A task that is canceled before it starts never reaches a handler.
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

/** Removes machines of this host that are terminated or have no row, after a grace period. */
export async function destroyOrphans(deps: { db: Db; host: LocalMachineHost; gracePeriod: GracePeriod }) {
  const { db, host, gracePeriod } = deps
  const ids = [...(await host.hypervisor.observeAll()).keys()]
  const rows = await db.machine.findMany({
    // In a cluster, other hosts of this installation have the same machines in their view.
    where: { id: { in: ids }, state: { not: 'terminated' } },
    select: { id: true },
  })
  const known = new Set(rows.map(({ id }) => id))
  const orphans = ids.filter((id) => !known.has(id) && !host.isBusy(id))
  for (const id of gracePeriod.filterExpired(orphans)) {
    log.warn({ machineId: id }, 'removing orphaned machine')
    await host.withLock(id, () => host.hypervisor.destroy(id))
  }
}
