import { Prisma } from '../../generated/prisma/client'

/** A longer run is judged by the last part of its time. */
const WINDOW = '10 minutes'

/**
 * How many other runs the worker of `run` (a row of `task_attempt`) executed meanwhile on average, by queue, as a JSON
 * object; `endSql` is the end of the run.
 */
export const otherRunsSql = (run: Prisma.Sql, endSql: Prisma.Sql) => Prisma.sql`(
  SELECT coalesce(jsonb_object_agg(queue, presence), '{}') FROM (
    SELECT other.queue, sum(extract(epoch FROM
        least(coalesce(other."endedAt", ${endSql}), ${endSql}) - greatest(other."startedAt", since.at)
      ) / greatest(0.001, extract(epoch FROM ${endSql} - since.at)))::float AS presence
    FROM (SELECT greatest(${run}."startedAt", ${endSql} - ${WINDOW}::interval) AS at) since, task_attempt other
    WHERE (other."endedAt" IS NULL OR other."endedAt" > since.at) AND other."startedAt" < ${endSql}
      AND other."workerId" = ${run}."workerId" AND other.id <> ${run}.id
    GROUP BY other.queue
  ) others)`
