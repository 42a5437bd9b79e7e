import type { PgBoss } from 'pg-boss'
import { AppError } from '../errors'
import { type ScheduleName, scheduleQueueName } from './schedules'

/**
 * Queues a run of a schedule now.
 * @throws {AppError} schedule.is_running if a run is queued or in progress
 */
export async function runScheduleNow(boss: PgBoss, name: ScheduleName) {
  if (await boss.send(scheduleQueueName(name))) return
  throw new AppError({
    code: 'schedule.is_running',
    message: 'This schedule is already running.',
    status: 409,
  })
}
