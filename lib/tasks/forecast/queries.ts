import type { Db, Tx } from '../../database/db'
import { querySql } from '../../database/direct-query'
import { prepared } from '../../database/prepared-statements'
import { Prisma } from '../../generated/prisma/client'
import type { TaskDto } from '../schema'

/** An older forecast is not published: no worker updates it. */
const MAX_AGE = '10 seconds'

export type TimeEstimate = Pick<TaskDto, 'etaSeconds' | 'etaRangeSeconds' | 'startsInSeconds'>

interface ForecastRow {
  taskId: string
  starts: number | null
  ends: number
  from: number
  until: number
}

/** Returns the estimates of unfinished tasks by id. Those about which too little is known are missing. */
export async function readEstimates(
  db: Db | Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TimeEstimate>> {
  if (ids.length === 0) return new Map()
  const rows = await querySql<ForecastRow>(
    db,
    Prisma.sql`
    ${prepared} SELECT "taskId", extract(epoch FROM "startsAt" - now())::float AS starts,
      extract(epoch FROM "endsAt" - now())::float AS ends, extract(epoch FROM "endsFrom" - now())::float AS "from",
      extract(epoch FROM "endsUntil" - now())::float AS until
    FROM task_forecast WHERE "taskId" = ANY(${[...ids]}::uuid[]) AND "computedAt" > now() - ${MAX_AGE}::text::interval`,
  )
  return new Map(rows.map((row) => [row.taskId, toEstimate(row)]))
}

/** Returns the estimates of the unfinished tasks of some users by owner and id. */
export async function readEstimatesByOwner(db: Db, ownerIds: readonly string[]) {
  const tasks = await db.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT task.id, task."ownerId" FROM task_forecast JOIN task ON task.id = "taskId"
    WHERE task."ownerId" = ANY(${ownerIds}) AND task.state IN ('queued', 'in_progress')`
  const estimates = await readEstimates(
    db,
    tasks.map(({ id }) => id),
  )
  return Map.groupBy(
    tasks.flatMap(({ id, ownerId }) => {
      const estimate = estimates.get(id)
      return estimate ? [{ id, ownerId, estimate }] : []
    }),
    ({ ownerId }) => ownerId,
  )
}

const toEstimate = ({ starts, ends, from, until }: ForecastRow): TimeEstimate => ({
  etaSeconds: round(ends),
  etaRangeSeconds: { low: round(from), high: round(until) },
  startsInSeconds: starts === null ? null : round(starts),
})

/** To tenths, as times of a short task matter. */
const round = (seconds: number) => Math.max(0, Math.round(seconds * 10) / 10)
