import type { Db, Tx } from '@/lib/database/db'
import { recordMachineEvent } from '@/lib/machines/events'
import { tryTransitionMachine } from '@/lib/machines/state'
import type { TaskError } from '@/lib/tasks/schema'

/** Marks a machine that was never provisioned as failed; does nothing in any other state. */
export async function failPendingMachine(tx: Tx | Db, machineId: string, error: TaskError) {
  const isFailed = await tryTransitionMachine(tx, {
    id: machineId,
    from: 'pending',
    to: 'failed',
    data: { error },
  })
  if (isFailed) await recordFailureEvent(tx, machineId, error)
}

/** Stores why an operation failed. The state stays until the reconcile loop has observed the machine. */
export async function recordOperationFailure(tx: Tx, { machineId }: { machineId: string }, error: TaskError) {
  await tx.machine.updateMany({ where: { id: machineId }, data: { error } })
  await recordFailureEvent(tx, machineId, error)
}

const recordFailureEvent = (tx: Tx | Db, machineId: string, { message }: TaskError) =>
  recordMachineEvent(tx, { machineId, action: 'failed', detail: message })
