import type { PgBoss } from 'pg-boss'
import { recordAudit } from '../audit/commands'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import { inTransaction } from '../tasks/boss'
import { type ScheduleName, scheduleQueueName } from './schedules'
import * as messages from '../generated/messages/schedule-names'

/**
 * Queues a run of a schedule now.
 * @throws {AppError} schedule.is_running if a run is queued or in progress
 */
export async function runScheduleNow({ db, boss }: { db: Db; boss: PgBoss }, name: ScheduleName) {
  const isQueued = await db.$transaction(async (tx) => {
    const isSent = await sendScheduleJob(tx, boss, name)
    if (isSent) await recordAudit(tx, { action: 'schedule.started', subject: { type: 'schedule', id: name } })
    return isSent
  })
  if (isQueued) return
  throw new AppError({
    code: 'schedule.is_running',
    message: messages.isRunning(),
    status: 409,
  })
}

/** Queues a run when `tx` commits. Returns false if a run is queued or in progress. */
export const sendScheduleJob = async (tx: Tx, boss: PgBoss, name: ScheduleName) =>
  (await boss.send(scheduleQueueName(name), null, inTransaction(tx))) !== null
