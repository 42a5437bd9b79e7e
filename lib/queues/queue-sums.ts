import type { Db } from '../database/db'
import { HISTOGRAM_BUCKETS } from './histogram-buckets'

/** Totals of one queue since the app was installed. */
export interface QueueSums {
  queue: string
  arrived: number
  done: number
  failed: number
  returned: number
  waits: number[]
  runs: number[]
  waitSeconds: number
  runSeconds: number
}

export const emptyQueueSums = (queue: string): QueueSums => {
  const counts = Array.from({ length: HISTOGRAM_BUCKETS.length + 1 }, () => 0)
  const zeros = { arrived: 0, done: 0, failed: 0, returned: 0, waitSeconds: 0, runSeconds: 0 }
  return { queue, ...zeros, waits: counts, runs: counts }
}

/** Adds the recent minutes to the totals of the older ones. */
export const readQueueSums = (db: Db) => db.$queryRaw<QueueSums[]>`
  WITH parts AS (
    SELECT queue, arrived, done, failed, returned, waits::bigint[], runs::bigint[], "waitSeconds", "runSeconds" FROM queue_minute
    UNION ALL
    SELECT queue, arrived, done, failed, returned, waits, runs, "waitSeconds", "runSeconds" FROM queue_total
  ), steps AS (
    SELECT queue, n, sum(wait)::float AS wait, sum(run)::float AS run
    FROM parts, unnest(waits, runs) WITH ORDINALITY AS step(wait, run, n) GROUP BY queue, n
  )
  SELECT queue, sum(arrived)::float AS arrived, sum(done)::float AS done, sum(failed)::float AS failed,
    sum(returned)::float AS returned, sum("waitSeconds") AS "waitSeconds", sum("runSeconds") AS "runSeconds",
    (SELECT array_agg(wait ORDER BY n) FROM steps WHERE steps.queue = parts.queue) AS waits,
    (SELECT array_agg(run ORDER BY n) FROM steps WHERE steps.queue = parts.queue) AS runs
  FROM parts GROUP BY queue`
