import { z } from 'zod'
import type { Db } from '../database/db'
import { getTask } from './queries'

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
  message: z.string().describe('For people'),
  detail: z.string().describe('As it was thrown'),
})
export type AttemptError = z.infer<typeof attemptErrorSchema>

/** One run of a task, from its claim to its end. */
export const attemptSchema = z.object({
  attempt: z.number().int(),
  workerId: z.string(),
  waitSeconds: z.number().describe('From when it could have started'),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: attemptOutcomeSchema.nullable().describe('Null while it goes on'),
  error: attemptErrorSchema.nullable(),
})
export type AttemptDto = z.infer<typeof attemptSchema>

/** Every run of a task, oldest first; the newest 500 of one that ran more often. */
export async function readAttempts(db: Db, taskId: string): Promise<AttemptDto[]> {
  const rows = await db.taskAttempt.findMany({ where: { taskId }, orderBy: { claim: 'desc' }, take: 500 })
  return rows.toReversed().map((row) => ({
    attempt: row.attempt,
    workerId: row.workerId,
    waitSeconds: row.waitSeconds,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    outcome: attemptOutcomeSchema.nullable().catch(null).parse(row.outcome),
    error: attemptErrorSchema.nullable().catch(null).parse(row.error),
  }))
}

/** @throws {AppError} task.not_found for a missing one and for somebody else's. */
export async function getTaskAttempts(db: Db, options: { id: string; ownerId: string }) {
  await getTask(db, options)
  return readAttempts(db, options.id)
}
