import * as messages from '../generated/messages/task-errors'
import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { toLocale } from '../i18n/locale'
import { runWithLocale } from '../i18n/run-with-locale'
import { endOpenAttempts } from './attempts'
import { endDependents } from './dependents'
import { requeueTask } from './enqueue'
import { notifyTaskEnd } from './notify-task-end'
import { clearStaleSpeeds } from './part-progress'
import { failWhole, lockParts, lockWhole, resumeWhole } from './parts'
import { toStoredError } from './stored-error'
import { transitionTask } from './transition'

export const workersDiedError = () =>
  toStoredError({
    code: 'task.workers_died',
    message: messages.workersDied(),
    advice: messages.workersDiedAdvice(),
  })

/**
 * Reconciles unfinished tasks with their jobs: fails a task whose job failed because its workers died too often,
 * requeues one whose job is missing or has ended otherwise, and resumes one whose parts have all ended. Removes the speed
 * of tasks that no worker is executing. Idempotent.
 */
export async function reconcileTasks({ db, boss }: { db: Db; boss: PgBoss }) {
  const inconsistent = await db.$queryRaw<(UnfinishedTask & { jobState: string | null })[]>`
    SELECT t.id, t."partOfId", "user".locale AS "ownerLocale", j.state::text AS "jobState"
    FROM task t LEFT JOIN "user" ON "user".id = t."ownerId"
    LEFT JOIN pgboss.job j ON j.name = t.queue AND j.id = t."jobId"
    WHERE t.state IN ('queued', 'in_progress') AND t."jobId" IS NOT NULL
      AND (j.id IS NULL OR j.state IN ('completed', 'cancelled', 'failed'))`
  for (const { jobState, ...task } of inconsistent) {
    const { id, partOfId } = task
    await db.$transaction(async (tx) => {
      if (partOfId) await lockWhole(tx, partOfId)
      if (partOfId && jobState === 'failed') await lockParts(tx, [partOfId])
      const [locked] = await tx.$queryRaw<{ id: string }[]>`
        SELECT t.id FROM task t LEFT JOIN pgboss.job j ON j.name = t.queue AND j.id = t."jobId"
        WHERE t.id = ${id}::uuid AND t.state IN ('queued', 'in_progress')
          AND (j.id IS NULL OR j.state IN ('completed', 'cancelled', 'failed')) FOR UPDATE OF t`
      if (!locked) return
      await endOpenAttempts(tx, [id], 'died')
      // Its owner is notified.
      const locale = toLocale(task.ownerLocale)
      if (jobState === 'failed') await runWithLocale(locale, () => failTask(tx, boss, task))
      else await requeueTask(tx, boss, { taskId: id })
    })
  }
  const forsaken = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM task t WHERE t.state IN ('queued', 'in_progress') AND t."jobId" IS NULL AND t.weight IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM task part WHERE part."partOfId" = t.id AND part.state IN ('queued', 'in_progress'))`
  for (const { id } of forsaken)
    await db.$transaction(async (tx) => {
      await lockWhole(tx, id)
      await resumeWhole(tx, boss, id)
    })
  await clearStaleSpeeds(db)
}

interface UnfinishedTask {
  id: string
  partOfId: string | null
  ownerLocale: string | null
}

async function failTask(tx: Tx, boss: PgBoss, { id, partOfId }: UnfinishedTask) {
  const error = workersDiedError()
  const cause = error.code
  const data = { error: error as Prisma.InputJsonValue, cause: partOfId ? null : cause }
  await transitionTask(tx, { where: { id }, to: 'failed', data })
  await notifyTaskEnd(tx, boss, id)
  await endDependents(tx, boss, { taskId: id, state: 'failed', error })
  if (partOfId) await failWhole(tx, boss, { wholeId: partOfId, error, cause })
}
