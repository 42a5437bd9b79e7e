import type { Db } from '../database/db'
import { deleteInBatches } from '../database/delete-in-batches'
import { deadLetterSql } from './dead-letter'
import { retainedSubjectsSql } from './subject-queries'

/** Deletes lines of task logs that are older than `days`. Returns their number. */
export const pruneTaskLogs = ({ db, days }: { db: Db; days: number }) =>
  deleteInBatches(async (limit) => ({
    count: await db.$executeRaw`
      DELETE FROM task_log_line WHERE id IN (
        SELECT id FROM task_log_line WHERE at < now() - ${`${days} days`}::interval ORDER BY id LIMIT ${limit})`,
  }))

/**
 * Deletes tasks that ended more than `days` ago, with their history. Retains tasks whose subject is still shown on a
 * page, tasks with dependents, and dead letters that are not dismissed. Deletes parts one day after the task that they
 * belong to is done. Returns the number of deleted tasks.
 */
export const pruneTasks = ({ db, days }: { db: Db; days: number }) =>
  deleteInBatches(async (limit) => ({
    count: await db.$executeRaw`
      DELETE FROM task WHERE id IN (
        SELECT task.id FROM task
        WHERE task.state IN ('done', 'failed', 'canceled')
          AND task."finishedAt" < now() - ${`${days} days`}::interval
          AND NOT ${deadLetterSql}
          AND NOT EXISTS (SELECT 1 FROM (${retainedSubjectsSql()}) retained
            WHERE retained.type = task."subjectType" AND retained.id = task."subjectId")
          AND NOT EXISTS (SELECT 1 FROM task child WHERE child."parentId" = task.id)
        UNION ALL
        SELECT part.id FROM task part JOIN task whole ON whole.id = part."partOfId"
        WHERE whole.state = 'done' AND whole."finishedAt" < now() - interval '1 day'
        LIMIT ${limit})`,
  }))
