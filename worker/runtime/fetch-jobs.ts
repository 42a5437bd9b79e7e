import { queryDirectly } from '@/lib/database/direct-query'
import { prepared } from '@/lib/database/prepared-statements'
import { Prisma } from '@/lib/generated/prisma/client'
import { claimTransitionSql } from '@/lib/tasks/transition'
import type { WorkerContext } from '../context'
import { type ClaimedTask, claimSql, ownerLocaleSql } from './claim'

/** A job that pg-boss has delivered to this worker. */
export interface DeliveredJob {
  id: string
  /** Its queue. */
  name: string
  /** Jobs enqueued by earlier versions have no kind. */
  data: { taskId: string; kind?: string }
  /** Counts the deliveries. Together with `id`, it fences off those of the same job before. */
  retryCount: number
  /** Without a heartbeat for so long, the job is delivered to another worker. */
  heartbeatSeconds: number | null
  /** The reason of a repeated delivery. */
  output: object | null
  /** The task as claimed by the delivery. Null: it must still be claimed. */
  task: ClaimedTask | null
}

type JobRow = ClaimedTask & {
  deliveredJobId: string
  jobData: DeliveredJob['data']
  retryCount: number
  heartbeatSeconds: number | null
  output: object | null
}

interface Options {
  queue: string
  /** The highest number of jobs. */
  count: number
  /** The kinds whose tasks are claimed by the delivery. */
  claimedKinds: readonly string[]
}

/**
 * Fetches the next jobs of a queue and claims their tasks, all in one statement: that of pg-boss becomes a part of it. Does
 * not claim the task of a repeated delivery, which may have to wait, nor one that is locked: its lock may wait for the job.
 */
export async function fetchJobs({ db, boss }: Pick<WorkerContext, 'db' | 'boss'>, options: Options) {
  const { queue, count, claimedKinds } = options
  const claiming = {
    executeSql: async (fetchSql: string) => ({
      rows: await queryDirectly<JobRow>(db, fetchAndClaimSql(fetchSql, claimedKinds)),
    }),
  }
  const fetched = await boss.fetch(queue, { batchSize: count, includeMetadata: true, db: claiming })
  return (fetched as unknown as JobRow[]).map(
    ({ deliveredJobId, jobData, retryCount, heartbeatSeconds, output, ...task }): DeliveredJob => ({
      id: deliveredJobId,
      name: queue,
      data: jobData,
      retryCount,
      heartbeatSeconds,
      output,
      task: task.id ? task : null,
    }),
  )
}

const fetchAndClaimSql = (fetchSql: string, claimedKinds: readonly string[]) => Prisma.sql`
  ${prepared} WITH job AS (${Prisma.raw(fetchSql)}), claimable AS (
    SELECT task.id, task.state = 'in_progress' AS "isInterrupted"
    FROM job JOIN task ON task.id = (job.data->>'taskId')::uuid AND task."jobId" = job.id
    WHERE job."retryCount" = 0 AND task.kind = ANY(${[...claimedKinds]}) AND ${claimTransitionSql.where}
    FOR NO KEY UPDATE OF task SKIP LOCKED
  ), ${claimSql({ isAfterDeath: false })}
  SELECT claimed.*, ${ownerLocaleSql}, job.id AS "deliveredJobId", job.data AS "jobData", job."retryCount", job."heartbeatSeconds", job.output
  FROM job LEFT JOIN claimed ON claimed."jobId" = job.id`
