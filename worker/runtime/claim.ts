import { PROCESS_ID } from '@/lib/cluster/process-id'
import type { Db, Tx } from '@/lib/database/db'
import { queryDirectly } from '@/lib/database/direct-query'
import { prepared } from '@/lib/database/prepared-statements'
import { Prisma, type Task } from '@/lib/generated/prisma/client'
import type { AttemptError, AttemptOutcome, DIVIDED } from '@/lib/tasks/attempts'
import type { EndState } from '@/lib/tasks/state'
import { claimTransitionSql, transitionTask } from '@/lib/tasks/transition'

/** The task was claimed again, canceled or deleted; writes of this run are rejected. */
export class ClaimLost extends Error {
  constructor() {
    super('this run lost its claim on the task')
    this.name = 'ClaimLost'
  }
}

/** Identifies a run in each of its writes, which fences off earlier runs of the task. */
export interface Claim {
  taskId: string
  claim: number
}

/** A claimed task, with the locale that its owner has chosen. */
export type ClaimedTask = Task & { ownerLocale: string | null }

/** The column that `ClaimedTask` adds to `claimed`. */
export const ownerLocaleSql = Prisma.sql`(SELECT locale FROM "user" WHERE id = claimed."ownerId") AS "ownerLocale"`

/**
 * Claims the task for a new run, which fences off earlier ones, and records the attempt. A previous run that the death
 * of its worker interrupted is counted as a death instead of an attempt.
 * @returns null if the task has ended, was deleted or has another job
 */
export async function claimTask(
  db: Db,
  { taskId, jobId, isAfterDeath = false }: { taskId: string; jobId: string; isAfterDeath?: boolean },
): Promise<ClaimedTask | null> {
  const [task] = await db.$queryRaw<ClaimedTask[]>`
    ${prepared} WITH claimable AS (
      SELECT id, state = 'in_progress' AS "isInterrupted" FROM task WHERE id = ${taskId}::uuid
        AND "jobId" = ${jobId}::uuid AND ${claimTransitionSql.where} FOR UPDATE
    ), ${claimSql({ isAfterDeath })}
    SELECT claimed.*, ${ownerLocaleSql} FROM claimed`
  return task ?? null
}

/**
 * The common table expressions that claim the tasks in the expression `claimable` (id, isInterrupted), whose rows are
 * locked. `claimed` has their rows.
 */
export const claimSql = ({ isAfterDeath }: { isAfterDeath: boolean }) => Prisma.sql`
  claimed AS (
    UPDATE task SET ${claimTransitionSql.set}, claim = claim + 1, error = NULL,
      attempts = attempts + CASE WHEN "isInterrupted" AND ${isAfterDeath} THEN 0 ELSE 1 END,
      deaths = deaths + CASE WHEN "isInterrupted" AND ${isAfterDeath} THEN 1 ELSE 0 END,
      "startedAt" = coalesce("startedAt", now())
    FROM claimable WHERE task.id = claimable.id RETURNING task.*
  ), interrupted AS (
    UPDATE task_attempt SET "endedAt" = now(), outcome = CASE WHEN ${isAfterDeath} THEN 'died' ELSE 'expired' END
    FROM claimed WHERE "taskId" = claimed.id AND task_attempt."endedAt" IS NULL
  ), attempt AS (
    INSERT INTO task_attempt ("taskId", claim, attempt, queue, "workerId", "waitSeconds", "startedAt")
    SELECT id, claim, attempts, queue, ${PROCESS_ID},
      CASE WHEN "isInterrupted" THEN 0 ELSE greatest(0, extract(epoch FROM clock_timestamp()::timestamp - "queuedAt")) END,
      clock_timestamp()
    FROM claimed JOIN claimable USING (id)
  )`

/** Records the outcome of a run, unless one is already recorded. */
export async function endAttempt(
  tx: Tx | Db,
  { taskId, claim }: Claim,
  { outcome, error }: { outcome: AttemptOutcome | typeof DIVIDED; error?: AttemptError },
) {
  await tx.$executeRaw`
    UPDATE task_attempt SET "endedAt" = clock_timestamp(), outcome = ${outcome},
      error = ${error ? JSON.stringify(error) : null}::jsonb
    WHERE "taskId" = ${taskId}::uuid AND claim = ${claim} AND "endedAt" IS NULL`
}

/** Updates the task of a run. @throws {ClaimLost} if the claim is not the newest or the task is not in progress */
export async function updateClaimedTask(
  tx: Tx | Db,
  { taskId, claim }: Claim,
  data: Omit<Prisma.TaskUpdateManyMutationInput, 'state'>,
) {
  const { count } = await tx.task.updateMany({ where: { id: taskId, claim, state: 'in_progress' }, data })
  if (count === 0) throw new ClaimLost()
}

/** Ends the task of a run. @throws {ClaimLost} as `updateClaimedTask` */
export async function endClaimedTask(
  tx: Tx,
  { taskId, claim }: Claim,
  { to, data }: { to: EndState; data: Prisma.TaskUncheckedUpdateManyInput },
) {
  const ended = await transitionTask(tx, { where: { id: taskId, claim, state: 'in_progress' }, to, data })
  if (!ended) throw new ClaimLost()
}

/** Executes statements that join `held`, which has a row while the claim is valid, as a single one. @throws {ClaimLost} */
export async function executeWhileClaimed(
  db: Db,
  { taskId, claim }: Claim,
  statements: readonly Prisma.Sql[],
) {
  const written = statements.map((statement, n) => Prisma.sql`${Prisma.raw(`written${n}`)} AS (${statement})`)
  const [held] = await queryDirectly(
    db,
    Prisma.sql`
      ${prepared} WITH held AS (
        SELECT 1 FROM task WHERE id = ${taskId}::uuid AND claim = ${claim} AND state = 'in_progress' FOR UPDATE
      ), ${Prisma.join(written)}
      SELECT 1 FROM held`,
  )
  if (!held) throw new ClaimLost()
}

/** Locks the row until `tx` ends. @throws {ClaimLost} as `updateClaimedTask` */
export async function lockClaimedTask(tx: Tx, { taskId, claim }: Claim) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM task WHERE id = ${taskId}::uuid AND claim = ${claim} AND state = 'in_progress' FOR UPDATE`
  if (rows.length === 0) throw new ClaimLost()
}
