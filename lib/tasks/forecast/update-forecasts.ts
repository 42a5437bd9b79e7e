import { databaseTimeMs } from '../../cluster/database-clock'
import type { Db, Tx } from '../../database/db'
import { Prisma } from '../../generated/prisma/client'
import { computeEstimates } from './compute'
import { learnFromRuns, readSamples } from './learn'
import { createProgressClock } from './progress-clock'
import { readCapacity, readUnfinishedTasks } from './read-situation'
import { type Forecast, smoothForecast } from './smooth'

/** Another worker has updated the forecasts. */
const FRESH = '700 milliseconds'
const HISTORY_MS = 24 * 60 * 60 * 1000
/** Runs are committed at most this long after their end. */
const COMMIT_MS = 10_000

/**
 * Returns a function that learns from finished runs and replaces the forecasts of all unfinished tasks. Does nothing while
 * another worker does.
 */
export function createForecaster(db: Db) {
  const timeProgress = createProgressClock()
  let isIdle = false
  let learnedUntil = databaseTimeMs() - HISTORY_MS
  return () =>
    db.$transaction(async (tx) => {
      if (!(await isDue(tx))) return
      const startedAt = databaseTimeMs()
      const tasks = await readUnfinishedTasks(tx, timeProgress)
      if (tasks.length === 0 && isIdle) return
      // After the last task, its run is learned from once more.
      isIdle = tasks.length === 0
      const capacity = await readCapacity(tx)
      await learnFromRuns(tx, { ...capacity, since: new Date(learnedUntil - COMMIT_MS) })
      learnedUntil = startedAt
      const samples = await readSamples(tx)
      const estimates = computeEstimates({ tasks, samples, ...capacity })
      const previous = await readStoredForecasts(tx)
      const partIds = new Set(tasks.filter(({ wholeId }) => wholeId !== null).map(({ id }) => id))
      const now = databaseTimeMs()
      const forecasts = [...estimates].flatMap(([taskId, estimate]) =>
        partIds.has(taskId)
          ? []
          : [{ taskId, ...smoothForecast(previous.get(taskId) ?? null, estimate, now) }],
      )
      await replaceForecasts(tx, forecasts)
    })
}

async function isDue(tx: Tx) {
  const [row] = await tx.$queryRaw<{ isDue: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('meanwhile forecasts'))
      AND NOT EXISTS (SELECT FROM task_forecast WHERE "computedAt" > now() - ${FRESH}::interval) AS "isDue"`
  return row!.isDue
}

async function readStoredForecasts(tx: Tx) {
  const rows = await tx.taskForecast.findMany()
  return new Map(
    rows.map((row): [string, Forecast] => [
      row.taskId,
      {
        computedAt: row.computedAt.getTime(),
        startsAt: row.startsAt?.getTime() ?? null,
        endsAt: { low: row.endsFrom.getTime(), point: row.endsAt.getTime(), high: row.endsUntil.getTime() },
      },
    ]),
  )
}

async function replaceForecasts(tx: Tx, forecasts: readonly (Forecast & { taskId: string })[]) {
  const ids = forecasts.map(({ taskId }) => taskId)
  await tx.$executeRaw`DELETE FROM task_forecast WHERE "taskId" <> ALL(${ids}::uuid[])`
  if (ids.length === 0) return
  const times = (read: (forecast: Forecast) => number | null) =>
    Prisma.sql`${forecasts.map((forecast) => {
      const at = read(forecast)
      return at === null ? null : new Date(at).toISOString()
    })}::timestamptz[]`
  await tx.$executeRaw`
    INSERT INTO task_forecast ("taskId", "computedAt", "startsAt", "endsAt", "endsFrom", "endsUntil")
    SELECT * FROM unnest(${ids}::uuid[], ${times(({ computedAt }) => computedAt)},
      ${times(({ startsAt }) => startsAt)}, ${times(({ endsAt }) => endsAt.point)},
      ${times(({ endsAt }) => endsAt.low)}, ${times(({ endsAt }) => endsAt.high)})
    ON CONFLICT ("taskId") DO UPDATE SET "computedAt" = excluded."computedAt", "startsAt" = excluded."startsAt",
      "endsAt" = excluded."endsAt", "endsFrom" = excluded."endsFrom", "endsUntil" = excluded."endsUntil"`
}
