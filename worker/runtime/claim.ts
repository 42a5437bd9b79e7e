import type { Db, Tx } from '@/lib/database/db'
import type { Prisma, Task } from '@/lib/generated/prisma/client'
import type { AttemptError, AttemptOutcome } from '@/lib/tasks/attempts'
import { WORKER_ID } from './worker-id'

/** A newer run, a cancel or a delete took the task away; what this run does counts no more. */
export class ClaimLost extends Error {
  constructor() {
    super('the task was taken away from this run')
    this.name = 'ClaimLost'
  }
}

/** The task as this run holds it: every write names the claim. */
export interface Claim {
  taskId: string
  claim: number
}

/**
 * Takes the task for a new run and writes down that it begins; earlier runs of it are fenced off from now on.
 * When the run before was cut off by the death of its worker, that is counted, and spends no attempt.
 * Null when there is nothing to do: it has finished, was canceled, or is gone.
 */
export async function claimTask(
  db: Db,
  options: { taskId: string; jobId: string; isAfterDeath?: boolean },
): Promise<Task | null> {
  const isAfterDeath = options.isAfterDeath ?? false
  const [row] = await db.$queryRaw<{ taskId: string }[]>`
    WITH before AS (
      SELECT id, state = 'in_progress' AS "isCutOff" FROM task WHERE id = ${options.taskId}::uuid
        AND "jobId" = ${options.jobId}::uuid AND state IN ('queued', 'in_progress') FOR UPDATE
    ), claimed AS (
      UPDATE task SET state = 'in_progress', claim = claim + 1, "etaSeconds" = NULL, error = NULL,
        attempts = attempts + CASE WHEN before."isCutOff" AND ${isAfterDeath} THEN 0 ELSE 1 END,
        deaths = deaths + CASE WHEN before."isCutOff" AND ${isAfterDeath} THEN 1 ELSE 0 END,
        "startedAt" = coalesce("startedAt", now())
      FROM before WHERE task.id = before.id RETURNING task.*, before."isCutOff"
    ), cut_off AS (
      UPDATE task_attempt SET "endedAt" = now(), outcome = CASE WHEN ${isAfterDeath} THEN 'died' ELSE 'expired' END
      FROM claimed WHERE "taskId" = claimed.id AND task_attempt."endedAt" IS NULL
    )
    INSERT INTO task_attempt ("taskId", claim, attempt, queue, "workerId", "waitSeconds", "startedAt")
    SELECT id, claim, attempts, queue, ${WORKER_ID},
      CASE WHEN "isCutOff" THEN 0 ELSE greatest(0, extract(epoch FROM clock_timestamp()::timestamp - "queuedAt")) END,
      clock_timestamp()
    FROM claimed RETURNING "taskId"`
  return row ? db.task.findUnique({ where: { id: row.taskId } }) : null
}

/** Writes down how a run ended. One whose end is known already keeps it. */
export async function endAttempt(
  tx: Tx | Db,
  { taskId, claim }: Claim,
  { outcome, error }: { outcome: AttemptOutcome; error?: AttemptError },
) {
  await tx.$executeRaw`
    UPDATE task_attempt SET "endedAt" = clock_timestamp(), outcome = ${outcome},
      error = ${error ? JSON.stringify(error) : null}::jsonb
    WHERE "taskId" = ${taskId}::uuid AND claim = ${claim} AND "endedAt" IS NULL`
}

/** @throws {Superseded} when the claim is no longer the newest, or the task no longer in progress. */
export async function updateClaimedTask(
  tx: Tx | Db,
  { taskId, claim }: Claim,
  data: Prisma.TaskUpdateManyMutationInput,
) {
  const { count } = await tx.task.updateMany({ where: { id: taskId, claim, state: 'in_progress' }, data })
  if (count === 0) throw new ClaimLost()
}

/** Holds the row against everybody else until `tx` ends. @throws {Superseded} as updateClaimed. */
export async function lockClaimedTask(tx: Tx, { taskId, claim }: Claim) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM task WHERE id = ${taskId}::uuid AND claim = ${claim} AND state = 'in_progress' FOR UPDATE`
  if (rows.length === 0) throw new ClaimLost()
}
