import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import { whereUnfinished } from '../tasks/queries'
import { machineConflict } from './errors'
import { recordMachineEvent } from './events'
import { stateChangingKindNames } from './tasks'
import * as messages from '../generated/messages/machine-errors'

/** A machine and the user who operates on it. */
export interface MachineTarget {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
  /** The user in the audit trail; null for the app itself, which acts for `reason`. */
  actorId: string | null
  reason?: string
  /** Whether the owner is notified that the machine ends, as no user has requested it. Default: false. */
  notifiesOwner?: boolean
}

/** Locks the row until the transaction ends. @throws {AppError} machine.not_found, also for another user's machine */
export async function lockMachine(tx: Tx, { id, ownerId }: Pick<MachineTarget, 'id' | 'ownerId'>) {
  await tx.$queryRaw`SELECT 1 FROM machine WHERE id = ${id}::uuid FOR UPDATE`
  const machine = await tx.machine.findFirst({ where: { id, ownerId } })
  if (!machine) throw notFound('machine')
  return machine
}

/** @throws {AppError} machine.busy while a state-changing task is unfinished */
export async function assertNotBusy(tx: Tx, machineId: string) {
  const unfinished = await tx.task.count({
    where: { machineId, ...whereUnfinished, kind: { in: stateChangingKindNames } },
  })
  if (unfinished > 0) throw machineConflict('busy', messages.busyWait())
}

/** Records an action of the target's actor in the audit trail. */
export const recordAction = (
  tx: Tx,
  { id, actorId, reason }: Omit<MachineTarget, 'boss'>,
  { action, detail = reason }: { action: string; detail?: string },
) => recordMachineEvent(tx, { machineId: id, actorId, action, detail })
