import type { Db, Tx } from '@/lib/db'
import type { Prisma, Task } from '@/lib/generated/prisma/client'

/** A newer run, a cancel or a delete took the task away; what this run does counts no more. */
export class Superseded extends Error {
  constructor() {
    super('the task was taken away from this run')
    this.name = 'Superseded'
  }
}

/** The task as this run holds it: every write names the claim. */
export interface Claim {
  taskId: string
  claim: number
}

/**
 * Takes the task for a new run; earlier runs of it are fenced off from now on. Null when there is
 * nothing to do: it has finished, was canceled, or is gone.
 */
export async function claimTask(db: Db, options: { taskId: string; jobId: string }): Promise<Task | null> {
  const [row] = await db.$queryRaw<{ id: string }[]>`
    UPDATE task SET state = 'in_progress', claim = claim + 1, attempts = attempts + 1, "etaSeconds" = NULL,
      "startedAt" = coalesce("startedAt", now()), error = NULL
    WHERE id = ${options.taskId}::uuid AND "jobId" = ${options.jobId}::uuid AND state IN ('queued', 'in_progress')
    RETURNING id`
  return row ? db.task.findUnique({ where: { id: row.id } }) : null
}

/** @throws {Superseded} when the claim is no longer the newest, or the task no longer in progress. */
export async function updateClaimed(
  tx: Tx | Db,
  { taskId, claim }: Claim,
  data: Prisma.TaskUpdateManyMutationInput,
) {
  const { count } = await tx.task.updateMany({ where: { id: taskId, claim, state: 'in_progress' }, data })
  if (count === 0) throw new Superseded()
}

/** Holds the row against everybody else until `tx` ends. @throws {Superseded} as updateClaimed. */
export async function lockClaimed(tx: Tx, { taskId, claim }: Claim) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM task WHERE id = ${taskId}::uuid AND claim = ${claim} AND state = 'in_progress' FOR UPDATE`
  if (rows.length === 0) throw new Superseded()
}
