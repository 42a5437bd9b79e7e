import { z } from 'zod'
import type { Db, Tx } from '../database/db'
import type { TaskAttempt } from '../generated/prisma/client'
import { getTask } from './queries'
import { readStoredError } from './stored-error'

const attemptOutcomeSchema = z.enum([
  'done',
  'failed',
  'retry',
  'later',
  'handed_over',
  'canceled',
  'died',
  'expired',
])
export type AttemptOutcome = z.infer<typeof attemptOutcomeSchema>

const attemptErrorSchema = z.object({
  code: z.string(),
  message: z.string().describe('For users'),
  detail: z.string().describe('The error as thrown'),
})
export type AttemptError = z.infer<typeof attemptErrorSchema>

/** One execution of a task, from claim to outcome. */
export const attemptSchema = z.object({
  attempt: z.number().int(),
  workerId: z.string(),
  waitSeconds: z.number().describe('Time from when it could have started'),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: attemptOutcomeSchema.nullable().describe('Null while it runs'),
  error: attemptErrorSchema.nullable(),
})
export type AttemptDto = z.infer<typeof attemptSchema>

/** The outcome of a run that created the parts of its task. The run that continues after them belongs to the same attempt. */
export const DIVIDED = 'divided'

/** Lists the newest 500 attempts of a task and those of its parts that were in vain, oldest first. */
export async function readAttempts(db: Db, taskId: string): Promise<AttemptDto[]> {
  const rows = await db.taskAttempt.findMany({
    where: {
      OR: [
        { taskId },
        { task: { partOfId: taskId }, outcome: { in: ['failed', 'retry', 'died', 'expired'] } },
      ],
    },
    orderBy: { id: 'desc' },
    take: 500,
  })
  return joinRuns(rows.toReversed()).map((row) => ({
    attempt: row.attempt,
    workerId: row.workerId,
    waitSeconds: row.waitSeconds,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    outcome: attemptOutcomeSchema.nullable().catch(null).parse(row.outcome),
    error: attemptErrorSchema.nullable().catch(null).parse(readStoredError(row.error)),
  }))
}

/** Joins the run that created parts and the one that continued after them. Until then, the attempt has not ended. */
function joinRuns(rows: readonly TaskAttempt[]) {
  const joined: TaskAttempt[] = []
  for (const row of rows) {
    const at = joined.findIndex(({ taskId, outcome }) => taskId === row.taskId && outcome === DIVIDED)
    if (at === -1) joined.push(row)
    else joined[at] = { ...row, startedAt: joined[at]!.startedAt, waitSeconds: joined[at]!.waitSeconds }
  }
  return joined.map((row) => (row.outcome === DIVIDED ? { ...row, endedAt: null, outcome: null } : row))
}

/** As `readAttempts`. @throws {AppError} task.not_found if the task does not exist or belongs to another user */
export async function getTaskAttempts(db: Db, options: { id: string; ownerId: string }) {
  await getTask(db, options)
  return readAttempts(db, options.id)
}

/** Ends the open attempts, if any, of tasks whose workers will not end them, as after a cancellation. */
export async function endOpenAttempts(tx: Tx, taskIds: readonly string[], outcome: AttemptOutcome) {
  await tx.$executeRaw`
    UPDATE task_attempt run SET "endedAt" = clock_timestamp(), outcome = ${outcome}
    FROM task WHERE task.id = "taskId" AND "taskId" = ANY(${taskIds}::uuid[])
      AND ("endedAt" IS NULL OR outcome = ${DIVIDED} AND run.claim = task.claim)`
}
