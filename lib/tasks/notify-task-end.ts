import type { PgBoss } from 'pg-boss'
import { settleCaption } from '../captions/on-task-end'
import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { notifyOnTaskEnd } from '../mail/notify-user'
import { settleRedriveTrial } from '../queues/settle-redrive-trial'
import { dispatchTaskEvent } from '../webhooks/on-task-end'

/** Told of a task that has just reached an end. What it writes commits together with that end, or not at all. */
export type TaskEndListener = (tx: Tx, boss: PgBoss, task: Task) => Promise<void>

/** Whoever acts on the end of any task: one line each. They must not throw for a task they do not know. */
const taskEndListeners: readonly TaskEndListener[] = [
  settleRedriveTrial,
  // A track of captions ends as the task that makes it.
  settleCaption,
  notifyOnTaskEnd,
  dispatchTaskEvent,
]

/**
 * Called by whatever brings a task to done, failed or canceled, in the transaction that does so and after
 * the row says it. Called once for every end: a task that is tried again and ends again has another.
 */
export async function notifyTaskEnd(tx: Tx, boss: PgBoss, taskId: string) {
  if (taskEndListeners.length === 0) return
  const task = await tx.task.findUniqueOrThrow({ where: { id: taskId } })
  for (const listen of taskEndListeners) await listen(tx, boss, task)
}
