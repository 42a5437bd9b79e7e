import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { taskRegistry } from './registry'

/** Runs the task-end listeners. Must be called in the transaction that ends the task, after the update of its row. */
export async function notifyTaskEnd(tx: Tx, boss: PgBoss, taskId: string) {
  const task = await tx.task.findUniqueOrThrow({ where: { id: taskId } })
  for (const listen of taskRegistry().endListeners) await listen(tx, boss, task)
}
