import { z } from 'zod'
import type { Db } from '../database/db'
import type { PgBoss } from 'pg-boss'
import { notFound } from '../errors'
import { sanitizeText } from '../text/sanitize'
import { taskStateSchema } from '../tasks/schema'
import { enqueueTask } from '../tasks/enqueue'
import { requirePermission } from '../users/permissions'
import { machineConflict } from './errors'
import { requireCapability } from './hosts'
import { lockMachine } from './lock-machine'
import { recordMachineEvent } from './events'
import { snapshotMachineTask } from './tasks'
import { checkQuota } from './quota'
import { toSnapshotImageName } from './snapshot-image-name'
import * as messages from '../generated/messages/machine-errors'

interface Target {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
}

/**
 * Enqueues a snapshot of a machine's disk, which counts towards the owner's disk quota.
 * @throws {AppError} machine.not_found, machine.not_possible, machine.not_supported, machine.quota_exceeded,
 *   machine.not_allowed
 */
export async function requestSnapshot({ db, boss, id, ownerId }: Target, name: string) {
  return db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, { id, ownerId })
    await requirePermission(tx, ownerId, 'canUseMachines')
    if (!machine.hostId || (machine.state !== 'running' && machine.state !== 'stopped'))
      throw machineConflict('not_possible', messages.snapshotState())
    const { hostId, cpus, memoryMiB, diskMiB } = machine
    requireCapability(await tx.machineHost.findUniqueOrThrow({ where: { id: hostId } }), 'snapshots')
    await checkQuota(tx, { ownerId, growth: { cpus: 0, memoryMiB: 0, diskMiB } })
    const snapshot = await tx.machineSnapshot.create({
      data: { ownerId, name, hostId, machineId: id, cpus, memoryMiB, diskMiB },
    })
    await recordMachineEvent(tx, { machineId: id, actorId: ownerId, action: 'snapshot taken', detail: name })
    const payload = { machineId: id, snapshotId: snapshot.id }
    await enqueueTask(tx, boss, { kind: snapshotMachineTask, payload, ownerId, subjectId: id, hostId })
    return toSnapshotDto(snapshot)
  })
}

export async function listSnapshots(db: Db, ownerId: string) {
  const rows = await db.machineSnapshot.findMany({
    where: { ownerId, state: { not: 'canceled' } },
    orderBy: { id: 'desc' },
    take: 200,
  })
  return { snapshots: rows.map(toSnapshotDto) }
}

/**
 * Deletes a snapshot: hides it at once; its host removes the disk and the row later.
 * @throws {AppError} snapshot.not_found
 */
export async function deleteSnapshot(db: Db, where: { id: string; ownerId: string }) {
  const { count } = await db.machineSnapshot.updateMany({
    where: { ...where, state: { in: ['done', 'failed'] } },
    data: { state: 'canceled' },
  })
  if (count === 0) throw notFound('snapshot')
}

export const createSnapshotSchema = z.object({ name: z.string().overwrite(sanitizeText).min(1).max(100) })

export const snapshotSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  image: z.string().describe('Value of `image` for a new machine'),
  machineId: z.uuid(),
  diskMiB: z.number().int(),
  leastMemoryMiB: z.number().int().describe('Minimum memory of a machine created from it'),
  state: taskStateSchema,
  createdAt: z.iso.datetime(),
})
export type SnapshotDto = z.infer<typeof snapshotSchema>

function toSnapshotDto(row: {
  id: string
  name: string
  machineId: string
  diskMiB: number
  leastMemoryMiB: number
  state: SnapshotDto['state']
  createdAt: Date
}): SnapshotDto {
  const { id, name, machineId, diskMiB, leastMemoryMiB, state } = row
  return {
    id,
    name,
    image: toSnapshotImageName(id),
    machineId,
    diskMiB,
    leastMemoryMiB,
    state,
    createdAt: row.createdAt.toISOString(),
  }
}
