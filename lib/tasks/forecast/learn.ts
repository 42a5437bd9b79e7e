import type { Tx } from '../../database/db'
import { Prisma } from '../../generated/prisma/client'
import { forecastKinds } from '../registry'
import { speedBeside, type Situation } from './compute'
import type { SizedTask } from './kind-forecast'
import { otherRunsSql } from './other-runs'
import type { RunSample } from './predict'
import { readSizes } from './read-sizes'

/** Of each kind. */
const MAX_SAMPLES = 100
const MAX_NEW_SAMPLES = 200

type FinishedRun = SizedTask & {
  attemptId: bigint
  seconds: number
  others: Record<string, number>
}

/** Records how long the runs took that are done since `since`. Idempotent. */
export async function learnFromRuns(
  tx: Tx,
  { since, ...situation }: Pick<Situation, 'traits' | 'cores'> & { since: Date },
) {
  const kinds = [...forecastKinds().keys()]
  const ended = Prisma.sql`run."endedAt"`
  // An interrupted run did a part of the work only, except that of a task with parts.
  const runs = await tx.$queryRaw<FinishedRun[]>`
    SELECT run.id AS "attemptId", task.id, task.kind, task.payload, task."subjectId", task.weight,
      -- A task with parts waits only for the delivery of its job when they have ended.
      extract(epoch FROM run."endedAt" - run."startedAt")::float
        + CASE WHEN task."partOfId" IS NULL AND task.weight IS NOT NULL THEN run."waitSeconds" ELSE 0 END AS seconds,
      ${otherRunsSql(Prisma.sql`run`, ended)} AS others
    FROM task_attempt run JOIN task ON task.id = run."taskId"
    WHERE run."endedAt" > ${since} AND run.outcome = 'done' AND task.kind = ANY(${kinds})
      AND (run.claim = 1 OR task."partOfId" IS NULL AND task.weight IS NOT NULL)
      AND NOT EXISTS (SELECT FROM run_sample sample WHERE sample.id = run.id)
    ORDER BY run.id DESC LIMIT ${MAX_NEW_SAMPLES}`
  if (runs.length === 0) return
  const sizes = await readSizes(tx, runs)
  const data = runs.flatMap(({ attemptId, id, kind, subjectId, seconds, others }) => {
    const size = sizes.get(id)
    if (!size || seconds <= 0) return []
    return [
      { id: attemptId, kind, subjectId, size, seconds: seconds * speedBeside({ kind, others }, situation) },
    ]
  })
  await tx.runSample.createMany({ data, skipDuplicates: true })
  await tx.$executeRaw`
    DELETE FROM run_sample WHERE id IN (
      SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS n FROM run_sample) ranked
      WHERE n > ${MAX_SAMPLES})`
}

/** Returns the samples of all kinds, newest first. */
export const readSamples = (tx: Tx): Promise<RunSample[]> =>
  tx.runSample.findMany({
    orderBy: { id: 'desc' },
    select: { kind: true, subjectId: true, size: true, seconds: true },
  })
