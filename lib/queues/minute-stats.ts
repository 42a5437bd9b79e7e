import type { Db } from '../database/db'
import { HISTOGRAM_BUCKETS } from './histogram-buckets'

/** Attempts are committed at most this long after the time that they are counted under. */
const RECOUNT_MINUTES = 3
const RETENTION_DAYS = 7

/** Counts the activity of every queue in the last minutes from its attempts. Idempotent: each call recounts them. */
export async function updateMinuteStats(db: Db) {
  const edges = [...HISTOGRAM_BUCKETS]
  await db.$executeRaw`
    WITH since AS (SELECT date_trunc('minute', now()::timestamp) - ${`${RECOUNT_MINUTES} minutes`}::interval AS at),
    events AS (
      SELECT queue, date_trunc('minute', "startedAt") AS minute, 'wait' AS event, "waitSeconds" AS seconds,
        width_bucket("waitSeconds", ${edges}::float[]) + 1 AS bucket
      FROM task_attempt, since WHERE "startedAt" >= since.at
      UNION ALL
      SELECT queue, date_trunc('minute', "endedAt"),
        CASE outcome WHEN 'done' THEN 'done' WHEN 'failed' THEN 'failed' ELSE 'returned' END,
        greatest(0, extract(epoch FROM "endedAt" - "startedAt")),
        width_bucket(greatest(0, extract(epoch FROM "endedAt" - "startedAt"))::float, ${edges}::float[]) + 1
      FROM task_attempt, since WHERE "endedAt" >= since.at
      UNION ALL
      SELECT name, date_trunc('minute', jobs.created_on::timestamp), 'arrived', 0, 0
      FROM since, pgboss.queue CROSS JOIN LATERAL (
        SELECT job.created_on FROM pgboss.job WHERE job.name = queue.name AND job.created_on >= since.at AT TIME ZONE 'UTC'
      ) jobs WHERE queue.name NOT LIKE 'schedule/%' AND queue.name NOT LIKE '\\_\\_%'
    ), counted AS (
      SELECT queue, minute, count(*) FILTER (WHERE event = 'arrived') AS arrived,
        count(*) FILTER (WHERE event = 'done') AS done, count(*) FILTER (WHERE event = 'failed') AS failed,
        count(*) FILTER (WHERE event = 'returned') AS returned,
        array_agg(bucket) FILTER (WHERE event = 'wait') AS waits,
        array_agg(bucket) FILTER (WHERE event IN ('done', 'failed')) AS runs,
        coalesce(sum(seconds) FILTER (WHERE event = 'wait'), 0) AS "waitSeconds",
        coalesce(sum(seconds) FILTER (WHERE event IN ('done', 'failed')), 0) AS "runSeconds"
      FROM events GROUP BY queue, minute
    )
    INSERT INTO queue_minute (queue, minute, arrived, done, failed, returned, waits, runs, "waitSeconds", "runSeconds")
    SELECT queue, minute, arrived, done, failed, returned,
      ARRAY(SELECT coalesce(cardinality(array_positions(waits, n)), 0) FROM generate_series(1, ${edges.length + 1}) n),
      ARRAY(SELECT coalesce(cardinality(array_positions(runs, n)), 0) FROM generate_series(1, ${edges.length + 1}) n),
      "waitSeconds", "runSeconds" FROM counted
    -- Attempts are deleted with their task; counters must not fall.
    ON CONFLICT (queue, minute) DO UPDATE SET
      arrived = greatest(queue_minute.arrived, excluded.arrived),
      done = greatest(queue_minute.done, excluded.done),
      failed = greatest(queue_minute.failed, excluded.failed),
      returned = greatest(queue_minute.returned, excluded.returned),
      waits = ARRAY(SELECT greatest(a, b) FROM unnest(queue_minute.waits, excluded.waits) AS pair(a, b)),
      runs = ARRAY(SELECT greatest(a, b) FROM unnest(queue_minute.runs, excluded.runs) AS pair(a, b)),
      "waitSeconds" = greatest(queue_minute."waitSeconds", excluded."waitSeconds"),
      "runSeconds" = greatest(queue_minute."runSeconds", excluded."runSeconds")`
}

/** Adds minutes older than 7 days to the totals and deletes them. Returns the number of deleted rows. */
export async function rollUpMinuteStats(db: Db) {
  const sums = await db.$queryRaw<{ count: bigint }[]>`
    WITH expired AS (
      DELETE FROM queue_minute WHERE minute < now()::timestamp - ${`${RETENTION_DAYS} days`}::interval RETURNING *
    ), summed AS (
      INSERT INTO queue_total (queue, arrived, done, failed, returned, waits, runs, "waitSeconds", "runSeconds")
      SELECT queue, sum(arrived), sum(done), sum(failed), sum(returned),
        (SELECT array_agg(total ORDER BY n) FROM (SELECT n, sum(count) AS total FROM expired own,
          unnest(own.waits) WITH ORDINALITY AS step(count, n) WHERE own.queue = expired.queue GROUP BY n) steps),
        (SELECT array_agg(total ORDER BY n) FROM (SELECT n, sum(count) AS total FROM expired own,
          unnest(own.runs) WITH ORDINALITY AS step(count, n) WHERE own.queue = expired.queue GROUP BY n) steps),
        sum("waitSeconds"), sum("runSeconds")
      FROM expired GROUP BY queue
      ON CONFLICT (queue) DO UPDATE SET
        arrived = queue_total.arrived + excluded.arrived, done = queue_total.done + excluded.done,
        failed = queue_total.failed + excluded.failed, returned = queue_total.returned + excluded.returned,
        waits = ARRAY(SELECT a + b FROM unnest(queue_total.waits, excluded.waits) AS pair(a, b)),
        runs = ARRAY(SELECT a + b FROM unnest(queue_total.runs, excluded.runs) AS pair(a, b)),
        "waitSeconds" = queue_total."waitSeconds" + excluded."waitSeconds",
        "runSeconds" = queue_total."runSeconds" + excluded."runSeconds"
    )
    SELECT count(*) AS count FROM expired`
  return Number(sums[0]!.count)
}
