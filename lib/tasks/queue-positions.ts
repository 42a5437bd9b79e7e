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

/** The jobs of queued parts with the ids of the tasks that they belong to: a task waits until its first part starts. */
const partJobsSql = (where: Prisma.Sql) => Prisma.sql`
  SELECT "partOfId" AS id, queue, "jobId" FROM task WHERE ${where} AND state = 'queued' AND weight > 0`

/** Returns queue positions by task id; 1 is next. They are the order in which a single slot would execute the tasks. */
export async function readQueuePositions(db: Db | Tx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, number>()
  const rows = await db.$queryRaw<{ id: string; position: bigint }[]>`
    WITH requested AS (
      SELECT id, queue, "jobId" FROM task WHERE id = ANY(${ids}::uuid[]) AND "jobId" IS NOT NULL
      UNION ALL ${partJobsSql(Prisma.sql`"partOfId" = ANY(${ids}::uuid[])`)}
    )
    SELECT requested.id, min(ordered.position) AS position
    FROM ${queuePositionsSql(Prisma.sql`requested`)} JOIN requested USING (queue, "jobId") GROUP BY requested.id`
  return new Map(rows.map((row) => [row.id, Number(row.position)]))
}

/** Returns the first `limit` queue positions of each owner's tasks, by owner. */
export async function readFirstQueuePositions(
  db: Db,
  options: { ownerIds: readonly string[]; limit: number },
) {
  const rows = await db.$queryRaw<{ id: string; ownerId: string; queue: string; position: bigint }[]>`
    WITH waiting AS (
      SELECT coalesce(whole.id, task.id) AS id, task."ownerId", task.queue, task."jobId"
      FROM task LEFT JOIN task whole ON whole.id = task."partOfId"
      WHERE task.state = 'queued' AND task."ownerId" = ANY(${options.ownerIds}) AND task."jobId" IS NOT NULL
        AND coalesce(whole.kind, task.kind) <> ALL(${internalKindNames()})
        AND (whole.id IS NULL OR whole.state = 'queued' AND task.weight > 0)
    ), positions AS (
      SELECT DISTINCT ON (waiting.id) waiting.id, "ownerId", queue, ordered.position
      FROM ${queuePositionsSql(Prisma.sql`waiting`)} JOIN waiting USING (queue, "jobId") ORDER BY waiting.id, ordered.position
    ), ranked AS (
      SELECT id, "ownerId", queue, position, row_number() OVER (PARTITION BY "ownerId" ORDER BY position) AS nth FROM positions
    )
    SELECT id, "ownerId", queue, position FROM ranked WHERE nth <= ${options.limit}`
  return Map.groupBy(
    rows.map((row) => ({ ...row, position: Number(row.position) })),
    ({ ownerId }) => ownerId,
  )
}
