import type { PgBoss } from 'pg-boss'
import type { Db } from '../database/db'
import { scheduleQueueName, scheduleNames, schedules } from './schedules'
import { describeScheduleResult, scheduleResultSchema } from './describe-result'

interface ScheduleRunRow {
  name: string
  state: string
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
  output: { summary?: string; done?: unknown; message?: string; value?: { message?: string } } | null
}

/** Lists every schedule with its last run, its outcome and the time of the next run. */
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
      label: label(),
      cron,
      nextAt: boss.previewSchedule(cron, { tz: 'UTC', count: 1 })[0]!.toISOString(),
      last: run
        ? {
            state: run.state,
            at: (run.endedAt ?? run.startedAt ?? run.createdAt).toISOString(),
            summary: summarizeRun(run),
          }
        : null,
    }
  })
}

function summarizeRun({ output }: ScheduleRunRow) {
  const result = scheduleResultSchema.safeParse(output?.done)
  if (result.success) return describeScheduleResult(result.data)
  return output?.summary ?? output?.message ?? output?.value?.message ?? null
}

export type ScheduleDto = Awaited<ReturnType<typeof listSchedules>>[number]
