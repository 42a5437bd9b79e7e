import { databaseTimeMs } from '../cluster/database-clock'
import { enqueueTask } from '../tasks/enqueue'
import { requirePermission } from '../users/permissions'
import { machineConflict } from './errors'
import { requireCapability } from './hosts'
import { assertNotBusy, lockMachine, type MachineTarget, recordAction } from './lock-machine'
import { assertMinimumSize, findMinimumSize } from './minimum-size'
import { checkQuota } from './quota'
import type { UpdateMachineRequest } from './schema'
import type { NamedSize } from './sizes'
import { resizeMachineTask } from './tasks'
import * as messages from '../generated/messages/machine-errors'

/**
 * Enqueues a resize of a stopped machine.
 * @throws {AppError} machine.not_found, machine.busy, machine.not_stopped, machine.not_supported, machine.disk_shrinks,
 *   machine.too_small, machine.quota_exceeded, machine.not_allowed
 */
export async function requestResize(target: MachineTarget, size: NamedSize) {
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    await requirePermission(tx, machine.ownerId, 'canUseMachines')
    if (machine.state !== 'stopped') throw machineConflict('not_stopped', messages.stopFirst())
    const host = machine.hostId && (await tx.machineHost.findUnique({ where: { id: machine.hostId } }))
    if (host) requireCapability(host, 'resize')
    if (size.diskMiB < machine.diskMiB) throw machineConflict('disk_shrinks', messages.disksGrow())
    await assertNotBusy(tx, machine.id)
    const minimum = await findMinimumSize(tx, machine)
    if (minimum) assertMinimumSize({ ...size, diskMiB: Math.max(size.diskMiB, minimum.diskMiB) }, minimum)
    const growth = {
      cpus: size.cpus - machine.cpus,
      memoryMiB: size.memoryMiB - machine.memoryMiB,
      diskMiB: size.diskMiB - machine.diskMiB,
    }
    await checkQuota(tx, { ownerId: target.ownerId, growth })
    await recordAction(tx, target, { action: 'resized', detail: size.name })
    const { id, ownerId, hostId } = machine
    const payload = { machineId: id, size }
    await enqueueTask(tx, target.boss, { kind: resizeMachineTask, payload, ownerId, subjectId: id, hostId })
  })
}

/** Changes name, tags, protection, restart policy and time limits. @throws {AppError} machine.not_found */
export async function updateMachine(target: Omit<MachineTarget, 'boss'>, change: UpdateMachineRequest) {
  const { ttlMinutes, ...data } = change
  const expiresAt = ttlMinutes ? new Date(databaseTimeMs() + ttlMinutes * 60_000) : null
  await target.db.$transaction(async (tx) => {
    const machine = await lockMachine(tx, target)
    await tx.machine.update({
      where: { id: machine.id },
      data: { ...data, ...(ttlMinutes === undefined ? {} : { expiresAt }) },
    })
    const changes = Object.entries(change).map(([key, value]) => `${key}: ${String(value)}`)
    await recordAction(tx, target, { action: 'changed', detail: changes.join(', ').slice(0, 500) })
  })
}
