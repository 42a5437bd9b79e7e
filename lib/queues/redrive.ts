import type { PgBoss } from 'pg-boss'
import { z } from 'zod'
import { recordAudit } from '../audit/commands'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { retryTask } from '../tasks/commands'
import { whereDeadLetter } from '../tasks/dead-letter'
import { deadLetterSelectionSchema, whereSelectedDeadLetters } from './dead-letters'
import * as messages from '../generated/messages/queue-names'

export const redriveSchema = z.object({
  which: deadLetterSelectionSchema,
  isTrial: z.boolean().default(true).describe('Retry one first, and the others once it is done'),
})

const BATCH_SIZE = 100

/**
 * Retries dead letters, of which each keeps its history and queues like a new task of its owner. In a trial, the oldest
 * one is retried first; the others follow when it is done and remain if it fails. Those of videos in the trash are left out.
 * @throws {AppError} dead_letter.not_found if none match
 */
export async function startRedrive(
  { db, boss }: { db: Db; boss: PgBoss },
  { which, isTrial, byId }: z.infer<typeof redriveSchema> & { byId: string },
) {
  const where = {
    // Those without attempts cannot be retried.
    maxAttempts: { gt: 0 },
    AND: [whereSelectedDeadLetters(which), { OR: [{ videoId: null }, { video: { deletedAt: null } }] }],
  }
  const first = await db.task.findFirst({ where, orderBy: { finishedAt: 'asc' } })
  if (!first)
    throw new AppError({
      code: 'dead_letter.not_found',
      message: messages.noDeadLetter(),
      status: 404,
    })
  const redrive = await db.$transaction(async (tx) => {
    const { id } = await tx.redrive.create({
      data: {
        state: isTrial ? 'trial' : 'following',
        trialTaskId: isTrial ? first.id : null,
        total: 0,
        // By the clock of the database, as an orphaned trial is found.
        createdAt: new Date(databaseTimeMs()),
        byId,
      },
    })
    const { count } = await tx.task.updateMany({ where, data: { redriveId: id } })
    await recordAudit(tx, {
      action: 'dead_letter.redriven',
      subject: { type: 'redrive', id },
      detail: { count, isTrial, kind: first.kind },
    })
    return tx.redrive.update({ where: { id }, data: { total: count } })
  })
  if (isTrial) await retryTask({ db, boss, taskId: first.id, ownerId: first.ownerId })
  return redrive
}

/** Retries the next batch of every redrive whose trial succeeded. Idempotent. */
export async function advanceRedrives({ db, boss }: { db: Db; boss: PgBoss }) {
  await stopOrphanedTrials(db)
  for (const { id } of await db.redrive.findMany({ where: { state: 'following' } })) {
    const batch = await db.task.findMany({
      where: { ...whereDeadLetter, redriveId: id },
      orderBy: { finishedAt: 'asc' },
      take: BATCH_SIZE,
      select: { id: true, ownerId: true },
    })
    for (const task of batch)
      await retryTask({ db, boss, taskId: task.id, ownerId: task.ownerId }).catch((error: unknown) =>
        leaveOut(db, task.id, error),
      )
    if (batch.length === 0)
      await db.redrive.updateMany({
        where: { id, state: 'following' },
        data: { state: 'done', endedAt: new Date(databaseTimeMs()) },
      })
  }
}

/** Continues without a task that another worker or the owner has already retried, or whose video was deleted. */
async function leaveOut(db: Db, id: string, error: unknown) {
  if (!(error instanceof AppError)) throw error
  await db.task.updateMany({ where: { ...whereDeadLetter, id }, data: { redriveId: null } })
}

/** Stops trials whose task was deleted, or was not retried because the web process died. */
async function stopOrphanedTrials(db: Db) {
  await db.$executeRaw`
    UPDATE redrive SET state = 'stopped', "endedAt" = now()
    WHERE state = 'trial' AND "createdAt" < now() - interval '10 seconds' AND NOT EXISTS (
      SELECT 1 FROM task WHERE task.id = redrive."trialTaskId" AND task.state NOT IN ('failed', 'canceled'))`
}
