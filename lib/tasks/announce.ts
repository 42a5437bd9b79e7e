import type { PgBoss } from 'pg-boss'
import { endCaptions } from '../captions/end'
import type { Tx } from '../db'
import type { Task } from '../generated/prisma/client'
import { mailOnEnd } from '../mail/notify'
import { endTrial } from '../queues/end-trial'
import { announceToWebhooks } from '../webhooks/announce'

/** Told of a task that has just reached an end. What it writes commits together with that end, or not at all. */
export type EndListener = (tx: Tx, boss: PgBoss, task: Task) => Promise<void>

/** Whoever acts on the end of any task: one line each. They must not throw for a task they do not know. */
const listeners: readonly EndListener[] = [
  endTrial,
  // A track of captions ends as the task that makes it.
  endCaptions,
  mailOnEnd,
  announceToWebhooks,
]

/**
 * Called by whatever brings a task to done, failed or canceled, in the transaction that does so and after
 * the row says it. Called once for every end: a task that is tried again and ends again has another.
 */
export async function announceEnd(tx: Tx, boss: PgBoss, taskId: string) {
  if (listeners.length === 0) return
  const task = await tx.task.findUniqueOrThrow({ where: { id: taskId } })
  for (const listen of listeners) await listen(tx, boss, task)
}
