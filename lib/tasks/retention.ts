import type { Db } from '../database/db'
import { retainedSubjectsSql } from './subject-queries'

const BATCH_SIZE = 5_000

/** Removes lines of task logs that are older than `days`. Resolves to how many. */
export const pruneTaskLogs = ({ db, days }: { db: Db; days: number }) =>
  deleteInBatches(
    () => db.$executeRaw`
      DELETE FROM task_log_line WHERE id IN (
        SELECT id FROM task_log_line WHERE at < now() - ${`${days} days`}::interval ORDER BY id LIMIT ${BATCH_SIZE})`,
  )

/**
 * Removes tasks that ended more than `days` ago, with their history. Keeps tasks whose subject is still shown on a page, tasks
 * with dependents, and dead letters until an administrator dismisses them.
 */
export const pruneTasks = ({ db, days }: { db: Db; days: number }) =>
  deleteInBatches(
    () => db.$executeRaw`
      DELETE FROM task WHERE id IN (
        SELECT task.id FROM task
        WHERE task.state IN ('done', 'failed', 'canceled')
          AND task."finishedAt" < now() - ${`${days} days`}::interval
          AND NOT (task.state = 'failed' AND task.cause IS NOT NULL AND task."discardedAt" IS NULL)
          AND NOT EXISTS (SELECT 1 FROM (${retainedSubjectsSql()}) kept
            WHERE kept.type = task."subjectType" AND kept.id = task."subjectId")
          AND NOT EXISTS (SELECT 1 FROM task child WHERE child."parentId" = task.id)
        LIMIT ${BATCH_SIZE})`,
  )

/** Deletes in batches: a lock on many rows at once would block workers. */
async function deleteInBatches(remove: () => Promise<number>) {
  let removed = 0
  for (;;) {
    const count = await remove()
    if (count === 0) return removed
    removed += count
  }
}
