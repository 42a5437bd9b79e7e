import type { PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { scheduleQueueName, type ScheduleName, scheduleNames, schedules } from './schedules'

export const runScheduleSchema = z.object({
  name: z.enum(scheduleNames as [ScheduleName, ...ScheduleName[]]),
})

interface ScheduleRunRow {
  name: string
  state: string
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
  output: { summary?: string; message?: string; value?: { message?: string } } | null
}

/** Every schedule with its last run, how that ended, and when the next one is due. */
export async function listSchedules({ db, boss }: { db: Db; boss: PgBoss }) {
  const runs = await db.$queryRaw<ScheduleRunRow[]>`
    SELECT DISTINCT ON (name) name, state::text, created_on AS "createdAt", started_on AS "startedAt",
      completed_on AS "endedAt", output
    FROM pgboss.job WHERE name = ANY(${scheduleNames.map(scheduleQueueName)})
    ORDER BY name, created_on DESC`
  return scheduleNames.map((name) => {
    const run = runs.find((one) => one.name === scheduleQueueName(name))
    const { cron, label } = schedules[name]
    return {
      name,
      label,
      cron,
      nextAt: boss.previewSchedule(cron, { tz: 'UTC', count: 1 })[0]!.toISOString(),
      last: run
        ? {
            state: run.state,
            at: (run.endedAt ?? run.startedAt ?? run.createdAt).toISOString(),
            summary: run.output?.summary ?? run.output?.message ?? run.output?.value?.message ?? null,
          }
        : null,
    }
  })
}
export type ScheduleDto = Awaited<ReturnType<typeof listSchedules>>[number]

/**
 * Has a schedule run at once.
 * @throws {AppError} schedule.is_running while one waits or runs
 */
export async function runScheduleNow(boss: PgBoss, name: ScheduleName) {
  if (await boss.send(scheduleQueueName(name))) return
  throw new AppError({ code: 'schedule.is_running', message: 'It is running already.', status: 409 })
}
