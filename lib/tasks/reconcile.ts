import type { PgBoss } from 'pg-boss'
import type { Db } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { notifyTaskEnd } from './notify-task-end'
import { fingerprintError } from './error-fingerprint'
import { requeueTask } from './enqueue'
import { endDependents } from './dependents'

export const workersDiedError = {
  code: 'task.workers_died',
  message: 'The worker stopped each time it tried this.',
  advice: 'Look at the log on the task page, then try again.',
}

/**
 * Brings tasks and jobs together again: a task whose job gave up (its workers died too often) fails
 * with a reason; one whose job is missing or was acknowledged without it gets a new job.
 */
export async function reconcileTasks({ db, boss }: { db: Db; boss: PgBoss }) {
  const astray = await db.$queryRaw<{ id: string; jobState: string | null }[]>`
    SELECT t.id, j.state::text AS "jobState" FROM task t
    LEFT JOIN pgboss.job j ON j.name = t.queue AND j.id = t."jobId"
    WHERE t.state IN ('queued', 'in_progress') AND t."jobId" IS NOT NULL
      AND (j.id IS NULL OR j.state IN ('completed', 'cancelled', 'failed'))`
  for (const { id, jobState } of astray) {
    await db.$transaction(async (tx) => {
      const [locked] = await tx.$queryRaw<{ id: string }[]>`
        SELECT t.id FROM task t LEFT JOIN pgboss.job j ON j.name = t.queue AND j.id = t."jobId"
        WHERE t.id = ${id}::uuid AND t.state IN ('queued', 'in_progress')
          AND (j.id IS NULL OR j.state IN ('completed', 'cancelled', 'failed')) FOR UPDATE OF t`
      if (!locked) return
      if (jobState !== 'failed') {
        await requeueTask(tx, boss, { task: await tx.task.findUniqueOrThrow({ where: { id } }) })
        return
      }
      const error = workersDiedError
      await tx.task.update({
        where: { id },
        data: {
          state: 'failed',
          error: error as Prisma.InputJsonValue,
          cause: fingerprintError(error.message),
          finishedAt: new Date(),
          stage: null,
        },
      })
      await notifyTaskEnd(tx, boss, id)
      await endDependents(tx, boss, { taskId: id, state: 'failed', error })
    })
  }
}
