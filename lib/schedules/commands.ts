import type { PgBoss } from 'pg-boss'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { inTransaction } from '../tasks/boss'
import { type ScheduleName, scheduleQueueName } from './schedules'

/**
 * Queues a run of a schedule now.
 * @throws {AppError} schedule.is_running if a run is queued or in progress
 */
export async function runScheduleNow({ db, boss }: { db: Db; boss: PgBoss }, name: ScheduleName) {
  const isQueued = await db.$transaction(async (tx) => {
    const jobId = await boss.send(scheduleQueueName(name), null, inTransaction(tx))
    if (jobId) await recordAudit(tx, { action: 'schedule.started', subject: { type: 'schedule', id: name } })
    return jobId !== null
  })
  if (isQueued) return
  throw new AppError({
    code: 'schedule.is_running',
    message: 'This schedule is already running.',
    status: 409,
  })
}
