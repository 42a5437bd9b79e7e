import { Prisma } from '../../generated/prisma/client'

/**
 * How many other runs the worker of `run` (a row of `task_attempt`) executed meanwhile on average, by queue, as a JSON
 * object; `endSql` is the end of the run.
 */
export const otherRunsSql = (run: Prisma.Sql, endSql: Prisma.Sql) => Prisma.sql`(
  SELECT coalesce(jsonb_object_agg(queue, presence), '{}') FROM (
    SELECT other.queue, sum(extract(epoch FROM
        least(coalesce(other."endedAt", ${endSql}), ${endSql}) - greatest(other."startedAt", ${run}."startedAt")
      ) / greatest(0.001, extract(epoch FROM ${endSql} - ${run}."startedAt")))::float AS presence
    FROM task_attempt other
    WHERE (other."endedAt" IS NULL OR other."endedAt" > ${run}."startedAt") AND other."startedAt" < ${endSql}
      AND other."workerId" = ${run}."workerId" AND other.id <> ${run}.id
    GROUP BY other.queue
  ) others)`
