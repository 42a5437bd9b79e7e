import type { Db, Tx } from '../database/db'
import { Prisma } from '../generated/prisma/client'
import { internalKindNames } from './registry'

/**
 * The lines of `queues` as jobs are taken from them: the order of pg-boss's fetch, over its own index. What
 * waits for another task, or for its next attempt, is in no line.
 */
const queuePositionsSql = (queues: Prisma.Sql) => Prisma.sql`
  (SELECT DISTINCT queue FROM ${queues}) queues CROSS JOIN LATERAL (
    SELECT j.id AS "jobId", row_number() OVER (ORDER BY j.priority DESC, j.created_on) AS place
    FROM pgboss.job j
    WHERE j.name = queues.queue AND j.state < 'active' AND NOT j.blocked AND j.start_after <= now()
  ) line`

/** The places of these tasks, 1 is next: exactly the order in which a single slot would take them. */
export async function readQueuePositions(db: Db | Tx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, number>()
  const rows = await db.$queryRaw<{ id: string; place: bigint }[]>`
    WITH asked AS (SELECT id, queue, "jobId" FROM task WHERE id = ANY(${ids}::uuid[]) AND "jobId" IS NOT NULL)
    SELECT asked.id, line.place FROM ${queuePositionsSql(Prisma.sql`asked`)} JOIN asked USING (queue, "jobId")`
  return new Map(rows.map((row) => [row.id, Number(row.place)]))
}

/** For each of these people the first `limit` places that their tasks have, by task id. */
export async function readFirstQueuePositions(
  db: Db,
  options: { ownerIds: readonly string[]; limit: number },
) {
  const rows = await db.$queryRaw<{ id: string; ownerId: string; place: bigint }[]>`
    WITH waiting AS (
      SELECT id, "ownerId", queue, "jobId" FROM task
      WHERE state = 'queued' AND "ownerId" = ANY(${options.ownerIds}) AND "jobId" IS NOT NULL
        AND kind <> ALL(${internalKindNames()})
    ), placed AS (
      SELECT waiting.id, "ownerId", line.place, row_number() OVER (PARTITION BY "ownerId" ORDER BY line.place) AS nth
      FROM ${queuePositionsSql(Prisma.sql`waiting`)} JOIN waiting USING (queue, "jobId")
    )
    SELECT id, "ownerId", place FROM placed WHERE nth <= ${options.limit}`
  const byOwner = new Map<string, Map<string, number>>()
  for (const { id, ownerId, place } of rows)
    byOwner.set(ownerId, (byOwner.get(ownerId) ?? new Map<string, number>()).set(id, Number(place)))
  return byOwner
}
