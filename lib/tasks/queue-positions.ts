import type { Db, Tx } from '../database/db'
import { Prisma } from '../generated/prisma/client'
import { internalKindNames } from './registry'

/**
 * The jobs of `queues` in the order in which pg-boss fetches them, read from its index. A task that waits for its
 * parent or its next attempt has no position.
 */
const queuePositionsSql = (queues: Prisma.Sql) => Prisma.sql`
  (SELECT DISTINCT queue FROM ${queues}) queues CROSS JOIN LATERAL (
    SELECT j.id AS "jobId", row_number() OVER (ORDER BY j.priority DESC, j.created_on) AS position
    FROM pgboss.job j
    WHERE j.name = queues.queue AND j.state < 'active' AND NOT j.blocked AND j.start_after <= now()
  ) ordered`

/** Returns queue positions by task id; 1 is next. They are the order in which a single slot would execute the tasks. */
export async function readQueuePositions(db: Db | Tx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, number>()
  const rows = await db.$queryRaw<{ id: string; position: bigint }[]>`
    WITH requested AS (SELECT id, queue, "jobId" FROM task WHERE id = ANY(${ids}::uuid[]) AND "jobId" IS NOT NULL)
    SELECT requested.id, ordered.position FROM ${queuePositionsSql(Prisma.sql`requested`)} JOIN requested USING (queue, "jobId")`
  return new Map(rows.map((row) => [row.id, Number(row.position)]))
}

/** Returns the first `limit` queue positions of each owner's tasks, by owner. */
export async function readFirstQueuePositions(
  db: Db,
  options: { ownerIds: readonly string[]; limit: number },
) {
  const rows = await db.$queryRaw<{ id: string; ownerId: string; queue: string; position: bigint }[]>`
    WITH waiting AS (
      SELECT id, "ownerId", queue, "jobId" FROM task
      WHERE state = 'queued' AND "ownerId" = ANY(${options.ownerIds}) AND "jobId" IS NOT NULL
        AND kind <> ALL(${internalKindNames()})
    ), ranked AS (
      SELECT waiting.id, "ownerId", queue, ordered.position, row_number() OVER (PARTITION BY "ownerId" ORDER BY ordered.position) AS nth
      FROM ${queuePositionsSql(Prisma.sql`waiting`)} JOIN waiting USING (queue, "jobId")
    )
    SELECT id, "ownerId", queue, position FROM ranked WHERE nth <= ${options.limit}`
  return Map.groupBy(
    rows.map((row) => ({ ...row, position: Number(row.position) })),
    ({ ownerId }) => ownerId,
  )
}
