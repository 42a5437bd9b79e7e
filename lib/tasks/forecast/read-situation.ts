import { PROCESS_TIMEOUT } from '../../cluster/queries'
import type { Tx } from '../../database/db'
import { Prisma } from '../../generated/prisma/client'
import { forecastKinds } from '../registry'
import type { Situation, UnfinishedTask } from './compute'
import type { SizedTask } from './kind-forecast'
import { otherRunsSql } from './other-runs'
import type { createProgressClock } from './progress-clock'
import { readSizes } from './read-sizes'

/** More are not predicted: those that wait for longest. */
export const MAX_TASKS = 4_000

interface WorkerRow {
  queues: string[] | null
  cpus: number | null
  hostname: string | null
}

/** Reads what the online workers execute at once. All are assumed to have the options of this one. */
export async function readCapacity(tx: Tx): Promise<Pick<Situation, 'traits' | 'slots' | 'cores'>> {
  const [workers, paused] = await Promise.all([
    tx.$queryRaw<WorkerRow[]>`
      SELECT queues, cpus, hostname FROM worker_beat
      WHERE role = 'worker' AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval`,
    tx.queueControl.findMany({ where: { pausedAt: { not: null } }, select: { queue: true } }),
  ])
  const pausedNames = new Set(paused.map(({ queue }) => queue))
  const kinds = [...forecastKinds().values()]
  const takers = (name: string) =>
    pausedNames.has(name)
      ? 0
      : workers.filter(({ queues }) => queues === null || queues.includes(name)).length
  const hosts = new Map(workers.map(({ hostname, cpus }) => [hostname, cpus ?? 1]))
  return {
    traits: new Map(
      kinds.map(({ name, forecast: { pool = name, cpu, hasSteadyProgress } }) => [
        name,
        { pool, cpu, hasSteadyProgress },
      ]),
    ),
    slots: new Map(kinds.map(({ name, queue }) => [name, queue.concurrency * takers(name)])),
    cores: Math.max(
      1,
      [...hosts.values()].reduce((sum, cpus) => sum + cpus, 0),
    ),
  }
}

export type OwnedTask = UnfinishedTask & { ownerId: string }

type Row = SizedTask & { ownerId: string } & Omit<
    UnfinishedTask,
    'size' | 'startsWhole' | 'progressAtSeconds'
  >

/** Reads the unfinished tasks whose durations are predicted, in the order in which pg-boss fetches them. */
export async function readUnfinishedTasks(
  tx: Tx,
  timeProgress: ReturnType<typeof createProgressClock>,
): Promise<OwnedTask[]> {
  const kinds = [...forecastKinds().keys()]
  const now = Prisma.sql`clock_timestamp()::timestamp`
  const rows = await tx.$queryRaw<Row[]>`
    SELECT task.id, task."ownerId", task.kind, task.payload, task."subjectId", task.weight, task.queue, task.progress,
      task."partOfId" AS "wholeId", task."parentId", task.state = 'in_progress' AS "isRunning",
      task."jobId" IS NOT NULL AS "hasJob",
      greatest(0, extract(epoch FROM job.start_after - now()))::float AS "delaySeconds",
      coalesce(extract(epoch FROM ${now} - run."startedAt"), 0)::float AS "elapsedSeconds",
      CASE WHEN run.id IS NULL THEN '{}' ELSE ${otherRunsSql(Prisma.sql`run`, now)} END AS others
    FROM task LEFT JOIN pgboss.job job ON job.name = task.queue AND job.id = task."jobId"
    LEFT JOIN task_attempt run ON run."taskId" = task.id AND run.claim = task.claim AND run."endedAt" IS NULL
    WHERE task.state IN ('queued', 'in_progress') AND task.kind = ANY(${kinds})
    ORDER BY task.state = 'in_progress' DESC, task.weight IS NULL, task."jobId" IS NULL AND task.weight IS NULL,
      job.priority DESC, job.created_on, task.id LIMIT ${MAX_TASKS}`
  const complete = rows.length < MAX_TASKS ? rows : await withoutIncomplete(tx, rows)
  const sizes = await readSizes(tx, complete)
  const progressAt = timeProgress(complete)
  return complete.map(({ payload: _payload, weight, ...row }) => ({
    ...row,
    size: sizes.get(row.id) ?? null,
    progressAtSeconds: progressAt.get(row.id)!,
    startsWhole: row.wholeId !== null && weight !== null && weight > 0,
  }))
}

/** Removes the tasks some of whose parts are not among `rows`, and which would seem to end too early. */
async function withoutIncomplete(tx: Tx, rows: readonly Row[]) {
  const parts = Map.groupBy(
    rows.filter(({ wholeId }) => wholeId !== null),
    ({ wholeId }) => wholeId!,
  )
  const counts = await tx.task.groupBy({
    by: ['partOfId'],
    where: { partOfId: { in: rows.map(({ id }) => id) }, state: { in: ['queued', 'in_progress'] } },
    _count: true,
  })
  const incomplete = new Set(
    counts.filter((row) => row._count > (parts.get(row.partOfId!)?.length ?? 0)).map((row) => row.partOfId!),
  )
  return rows.filter(({ id }) => !incomplete.has(id))
}
