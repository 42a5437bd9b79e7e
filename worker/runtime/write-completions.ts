import type { Tx } from '@/lib/database/db'
import { prepared } from '@/lib/database/prepared-statements'
import { Prisma, type Task } from '@/lib/generated/prisma/client'
import { inTransaction } from '@/lib/tasks/boss'
import { startDependents } from '@/lib/tasks/dependents'
import { notifyTaskEnds } from '@/lib/tasks/notify-task-end'
import { doneTransitionSql, settleTaskDetail } from '@/lib/tasks/transition'
import type { WorkerContext } from '../context'
import type { DeliveredJob } from './fetch-jobs'
import type { TaskOutcome } from './handler'

/** A run whose handler has returned. */
export interface Completion {
  job: Pick<DeliveredJob, 'id' | 'name' | 'retryCount'>
  /** The row as claimed. */
  task: Task
  outcome: TaskOutcome
}

interface Options {
  /** Leaves out tasks that another transaction has locked, or whose job has. Default: waits for them. */
  skipsLocked?: boolean
}

/**
 * Writes the results of runs whose claim is still the newest, with all that commits together: the rows of the handlers,
 * states, attempts, task-end listeners, dependents and acknowledgements. @returns the ids of their tasks
 */
export async function writeCompletions(
  tx: Tx,
  boss: WorkerContext['boss'],
  completions: readonly Completion[],
  options: Options = {},
): Promise<ReadonlySet<string>> {
  const ended = new Map((await endTasks(tx, completions, options)).map((task) => [task.id, task]))
  const written = completions.filter(({ task }) => ended.has(task.id))
  if (written.length === 0) return new Set()
  for (const task of ended.values()) if (task.detail) await settleTaskDetail(tx, task)
  for (const { outcome } of written) await outcome.store?.(tx)
  await notifyTaskEnds(tx, boss, await readFinalRows(tx, written, ended))
  await startDependents(tx, boss, [...ended.keys()])
  for (const [queue, group] of Map.groupBy(written, ({ job }) => job.name))
    await boss.complete(
      queue,
      group.map(({ job }) => job),
      null,
      inTransaction(tx),
    )
  return new Set(ended.keys())
}

const endTasks = (tx: Tx, completions: readonly Completion[], { skipsLocked }: Options) => tx.$queryRaw<
  Task[]
>`
  ${prepared} WITH run AS (
    SELECT * FROM jsonb_to_recordset(${toRecords(completions)}::jsonb)
      AS run("taskId" uuid, claim integer, result jsonb, queue text, "jobId" uuid)
  ), held AS (
    SELECT run.* FROM run
    JOIN task ON task.id = run."taskId" AND task.claim = run.claim AND ${doneTransitionSql.where}
    ${skipsLocked ? skipLockedSql : Prisma.sql`FOR NO KEY UPDATE OF task`}
  ), attempt AS (
    UPDATE task_attempt SET "endedAt" = clock_timestamp(), outcome = 'done'
    FROM held WHERE task_attempt."taskId" = held."taskId" AND task_attempt.claim = held.claim AND "endedAt" IS NULL
  )
  UPDATE task SET ${doneTransitionSql.set}, result = held.result FROM held WHERE task.id = held."taskId"
  RETURNING task.*`

const skipLockedSql = Prisma.sql`
  JOIN pgboss.job ON job.name = run.queue AND job.id = run."jobId" FOR NO KEY UPDATE OF task, job SKIP LOCKED`

const toRecords = (completions: readonly Completion[]) =>
  JSON.stringify(
    completions.map(({ task, job, outcome }) => ({
      taskId: task.id,
      claim: task.claim,
      result: outcome.result ?? {},
      queue: job.name,
      jobId: job.id,
    })),
  )

/** Read again where a handler, or the detail, may have changed them. */
async function readFinalRows(
  tx: Tx,
  completions: readonly Completion[],
  ended: ReadonlyMap<string, Task>,
): Promise<readonly Task[]> {
  const isFinal = completions.every(({ task, outcome }) => !outcome.store && !ended.get(task.id)!.detail)
  return isFinal ? [...ended.values()] : tx.task.findMany({ where: { id: { in: [...ended.keys()] } } })
}
