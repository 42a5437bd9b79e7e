import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { taskRegistry } from './registry'

/** Runs the task-end listeners. Must be called in the transaction that ends the task, after the update of its row. */
export async function notifyTaskEnd(tx: Tx, boss: PgBoss, taskId: string) {
  await notifyTaskEnds(tx, boss, [await tx.task.findUniqueOrThrow({ where: { id: taskId } })])
}

/** As `notifyTaskEnd`, for several tasks with batchable ends and their rows as updated. */
export async function notifyTaskEnds(tx: Tx, boss: PgBoss, tasks: readonly Task[]) {
  for (const listener of taskRegistry().endListeners) {
    const concerned = tasks.filter((task) => listener.concerns(task))
    if (concerned.length > 0) await listener.onEnd(tx, boss, concerned)
  }
}

/** Whether the transaction that ends this task may end others, too: see `TaskEndListener.isBatchable`. */
export const hasBatchableEnd = (task: Task) =>
  taskRegistry().endListeners.every((listener) => listener.isBatchable || !listener.concerns(task))
