import { log } from '@/lib/log'
import { scheduleQueueName, type ScheduleName, scheduleNames } from '@/lib/schedules/schedules'
import type { WorkerContext } from '../context'
import { scheduleHandlers } from './registry'
import type { ScheduleOutcome } from './schedule-handler'

/** Starts consuming due runs of the schedules, each of which pg-boss delivers to one worker. @returns an async stop */
export async function runSchedules(context: WorkerContext, handlers = scheduleHandlers) {
  const options = { pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 5 }
  for (const name of scheduleNames)
    await context.boss.work<object, ScheduleOutcome>(scheduleQueueName(name), options, async () => {
      const outcome = await handlers[name](context, await readMemory(context, name))
      log.info({ schedule: name, ...outcome }, 'schedule done')
      return outcome
    })
  return async () => {
    for (const name of scheduleNames) await context.boss.offWork(scheduleQueueName(name))
  }
}

/** Returns the `memory` of the last successful run. */
async function readMemory({ db }: WorkerContext, name: ScheduleName) {
  const [last] = await db.$queryRaw<{ output: { memory?: unknown } | null }[]>`
    SELECT output FROM pgboss.job WHERE name = ${scheduleQueueName(name)} AND state = 'completed'
    ORDER BY completed_on DESC LIMIT 1`
  return last?.output?.memory
}
