import { databaseTimeMs } from '../../cluster/database-clock'
import type { Db, Tx } from '../../database/db'
import { Prisma } from '../../generated/prisma/client'
import { computeEstimates } from './compute'
import { learnFromRuns, readSamples } from './learn'
import { createProgressClock } from './progress-clock'
import { MAX_TASKS, type OwnedTask, readCapacity, readUnfinishedTasks } from './read-situation'
import { type Estimate, type Forecast, smoothForecast } from './smooth'

/** Another worker has updated younger forecasts. */
const MIN_AGE = '700 milliseconds'
/** In addition, for each unfinished task: many change more slowly, and are more work. */
const MIN_AGE_PER_TASK = '1 millisecond'
/** A user has no more forecasts: those of the tasks that end first. Every page of the user receives all of them. */
const MAX_PER_OWNER = 200
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
      const now = databaseTimeMs()
      const forecasts = selectPublished(tasks, estimates).map(([taskId, estimate]) => ({
        taskId,
        ...smoothForecast(previous.get(taskId) ?? null, estimate, now),
      }))
      await replaceForecasts(tx, forecasts)
    })
}

/** The estimates of whole tasks, of each user those of the first ones. */
function selectPublished(tasks: readonly OwnedTask[], estimates: ReadonlyMap<string, Estimate>) {
  const estimated = tasks.flatMap(({ id, ownerId, wholeId }) => {
    const estimate = wholeId === null ? estimates.get(id) : undefined
    return estimate ? [{ id, ownerId, estimate }] : []
  })
  return [...Map.groupBy(estimated, ({ ownerId }) => ownerId).values()].flatMap((owned) =>
    owned
      .toSorted((a, b) => a.estimate.end.point - b.estimate.end.point)
      .slice(0, MAX_PER_OWNER)
      .map(({ id, estimate }) => [id, estimate] as const),
  )
}

async function isDue(tx: Tx) {
  const [row] = await tx.$queryRaw<{ isDue: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('meanwhile forecasts'))
      AND NOT EXISTS (
        SELECT FROM task_forecast WHERE "computedAt" > now() - ${MIN_AGE}::interval - (
          SELECT count(*) FROM (
            SELECT FROM task WHERE state IN ('queued', 'in_progress') LIMIT ${MAX_TASKS}
          ) unfinished
        ) * ${MIN_AGE_PER_TASK}::interval
      ) AS "isDue"`
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
