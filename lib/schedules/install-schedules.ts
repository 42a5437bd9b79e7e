import type { PgBoss } from 'pg-boss'
import { DAY_SECONDS } from '../durations'
import { SCHEDULE_QUEUE_PREFIX, scheduleQueueName, scheduleNames, schedules } from './schedules'

/** Creates and updates the schedules of this version in pg-boss, and removes those it does not have. Idempotent. */
export async function installSchedules(boss: PgBoss) {
  for (const name of scheduleNames) {
    const queue = scheduleQueueName(name)
    const options = {
      retryLimit: 2,
      retryDelay: 60,
      expireInSeconds: 60 * 60,
      heartbeatSeconds: 10,
      deleteAfterSeconds: 30 * DAY_SECONDS,
      notify: true,
    }
    if (await boss.getQueue(queue)) await boss.updateQueue(queue, options)
    // Exclusive: a run requested twice runs once.
    else await boss.createQueue(queue, { ...options, policy: 'exclusive' })
    await boss.schedule(queue, schedules[name].cron, null, { tz: 'UTC', missed: 'once' })
  }
  const known = new Set<string>(scheduleNames.map(scheduleQueueName))
  for (const { name } of await boss.getSchedules())
    if (name.startsWith(SCHEDULE_QUEUE_PREFIX) && !known.has(name)) await boss.unschedule(name)
}
