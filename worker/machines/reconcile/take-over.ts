import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { recordMachineEvents } from '@/lib/machines/events'
import type { LocalMachineHost } from '../host/local-machine-host'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/**
 * Takes over the machines of lost hosts of the same fleet with their ports, snapshots and unfinished tasks. The tasks move to the queues
 * of this host, where `reconcileTasks` gives them new jobs: what a lost host still writes about them is refused.
 */
export async function takeOverMachines({ db, host }: { db: Db; host: LocalMachineHost }) {
  const lost = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT other.id, other.name FROM machine_host other JOIN machine_host own ON own.id = ${host.id}
    WHERE other.id <> own.id AND other."lostAt" IS NOT NULL AND other.facts->>'fleet' = own.facts->>'fleet'
      AND (EXISTS (SELECT 1 FROM machine WHERE "hostId" = other.id AND state <> 'terminated')
        OR EXISTS (SELECT 1 FROM machine_snapshot WHERE "hostId" = other.id))`
  for (const from of lost) {
    const count = await takeOverFrom(db, { from, to: host.id })
    if (count > 0) log.warn({ hostId: from.id, count }, 'took over the machines of a lost host')
  }
}

interface Move {
  from: { id: string; name: string }
  to: string
}

const takeOverFrom = (db: Db, { from, to }: Move) =>
  db.$transaction(async (tx) => {
    // Locked against its next heartbeat, and against other hosts of the fleet.
    const [stillLost] = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM machine_host WHERE id = ${from.id} AND "lostAt" IS NOT NULL FOR UPDATE`
    if (!stillLost) return 0
    const machines = await tx.machine.updateManyAndReturn({
      where: { hostId: from.id, state: { not: 'terminated' } },
      data: { hostId: to },
      select: { id: true },
    })
    await tx.machineSnapshot.updateMany({ where: { hostId: from.id }, data: { hostId: to } })
    const ids = machines.map(({ id }) => id)
    await tx.machinePort.updateMany({ where: { machineId: { in: ids } }, data: { hostId: to } })
    await tx.$executeRaw`
      UPDATE task SET queue = replace(queue, ${`/${from.id}`}, ${`/${to}`})
      WHERE "machineId" = ANY(${ids}::uuid[]) AND state IN ('queued', 'in_progress')`
    await recordMachineEvents(
      tx,
      ids.map((machineId) => ({
        machineId,
        action: 'taken over',
        detail: messages.fromLostHost({ value: from.name }),
      })),
    )
    return ids.length
  })
