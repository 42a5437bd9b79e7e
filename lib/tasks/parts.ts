import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db, Tx } from '../database/db'
import type { Prisma, Task } from '../generated/prisma/client'
import { endOpenAttempts } from './attempts'
import { inTransaction } from './boss'
import { endDependents } from './dependents'
import { isBackgroundTask, requeueTask, sendJobs } from './enqueue'
import { notifyTaskEnd } from './notify-task-end'
import type { TaskError } from './schema'
import { statesBefore } from './state'
import type { TaskKind } from './task-kind'
import { transitionTask, transitionTasks } from './transition'

// A task can consist of parts, which workers execute concurrently as tasks of internal kinds. While they do, the task has no
// job: it is queued until a part starts, then in progress. When all parts are done, it gets a job again and completes. It
// fails with the first part that fails, and its parts are canceled with it (decision 0067).

/** A part to be created. */
export interface PartPlan {
  kind: TaskKind
  payload: object
  /** Its share of the work, in seconds of work at `detail.speed` 1. A part of weight 0 runs beside and does not count. */
  weight: number
}

const unfinished = { in: statesBefore('canceled') }

/** Creates the parts of a task in the order in which they are to start, and their jobs. */
export async function enqueueParts(
  tx: Tx,
  boss: PgBoss,
  { whole, parts }: { whole: Task; parts: PartPlan[] },
) {
  const tasks = await tx.task.createManyAndReturn({
    data: parts.map(({ kind, payload, weight }) => ({
      ownerId: whole.ownerId,
      kind: kind.name,
      queue: kind.name,
      payload: kind.payload.parse(payload) as object,
      maxAttempts: kind.queue.maxAttempts,
      priority: isBackgroundTask(whole) ? whole.priority : kind.queue.priority,
      subjectType: whole.subjectType,
      subjectId: whole.subjectId,
      partOfId: whole.id,
      weight,
      jobId: randomUUID(),
    })),
  })
  await sendJobs(tx, boss, { tasks })
}

/**
 * Changes the order in which waiting parts of one task start to that of `ids`. They exchange their places in the queue
 * with each other, so nothing changes for other tasks.
 */
export async function reorderParts(db: Db, ids: readonly string[]) {
  await db.$executeRaw`
    WITH waiting AS (
      SELECT j.name, j.id, j.priority, j.created_on, wanted.n
      FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS wanted("taskId", n) JOIN task ON task.id = "taskId"
      JOIN pgboss.job j ON j.name = task.queue AND j.id = task."jobId"
      WHERE j.state < 'active' ORDER BY j.id FOR UPDATE OF j
    ), numbered AS (
      SELECT *, row_number() OVER (ORDER BY priority DESC, created_on) AS place, row_number() OVER (ORDER BY n) AS wish
      FROM waiting
    )
    UPDATE pgboss.job j SET priority = place.priority
    FROM numbered JOIN numbered place ON place.place = numbered.wish
    WHERE j.name = numbered.name AND j.id = numbered.id AND j.priority <> place.priority`
}

/** Records that a part has started. */
export async function startWhole(db: Db, wholeId: string) {
  const isQueued = await db.task.count({ where: { id: wholeId, state: 'queued', jobId: null } })
  if (isQueued === 0) return
  await db.$transaction((tx) =>
    transitionTask(tx, {
      where: { id: wholeId, state: 'queued', jobId: null },
      to: 'in_progress',
      data: { startedAt: new Date(databaseTimeMs()) },
    }),
  )
}

/** Locks a task with parts until `tx` ends. Must precede a lock of one of its parts, to avoid deadlocks. */
export async function lockWhole(tx: Tx, wholeId: string) {
  await tx.$queryRaw`SELECT 1 FROM task WHERE id = ${wholeId}::uuid FOR UPDATE`
}

/** Locks the unfinished parts of locked tasks until `tx` ends. */
export async function lockParts(tx: Tx, wholeIds: readonly string[]) {
  await tx.$queryRaw`
    SELECT 1 FROM task WHERE "partOfId" = ANY(${wholeIds}::uuid[]) AND state IN ('queued', 'in_progress')
    ORDER BY id FOR UPDATE`
}

/** Gives a locked task its job again if all of its parts have ended. */
export async function resumeWhole(tx: Tx, boss: PgBoss, wholeId: string) {
  if ((await tx.task.count({ where: { partOfId: wholeId, state: unfinished } })) > 0) return
  const [task] = await tx.task.updateManyAndReturn({
    where: { id: wholeId, state: unfinished, jobId: null },
    data: { jobId: randomUUID() },
  })
  if (task) await sendJobs(tx, boss, { tasks: [task] })
}

/** Fails a task, whose parts are locked too, and cancels its remaining parts. */
export async function failWhole(
  tx: Tx,
  boss: PgBoss,
  { wholeId, error, cause }: { wholeId: string; error: TaskError; cause: string },
) {
  // The run that waited for its parts was an attempt.
  const data = { error: error as Prisma.InputJsonValue, cause, attempts: { increment: 1 } }
  if (!(await transitionTask(tx, { where: { id: wholeId, jobId: null }, to: 'failed', data }))) return
  await endOpenAttempts(tx, [wholeId], 'failed')
  await notifyTaskEnd(tx, boss, wholeId)
  await endDependents(tx, boss, { taskId: wholeId, state: 'failed', error })
  await cancelParts(tx, boss, wholeId)
}

/** Cancels the unfinished parts of a locked task, which are locked too. Returns whether it had any. */
export async function cancelParts(tx: Tx, boss: PgBoss, wholeId: string) {
  const parts = await transitionTasks(tx, { where: { partOfId: wholeId }, to: 'canceled' })
  await endOpenAttempts(
    tx,
    parts.map(({ id }) => id),
    'canceled',
  )
  const queued = Map.groupBy(
    parts.filter(({ state }) => state === 'queued'),
    ({ queue }) => queue,
  )
  // The worker that runs a part acknowledges its job after cleaning up.
  for (const [queue, tasks] of queued)
    await boss.cancel(
      queue,
      tasks.flatMap(({ jobId }) => jobId ?? []),
      inTransaction(tx),
    )
  return parts.length > 0
}

/** Runs a locked task again to plan its parts again, without spending an attempt. The unfinished ones are canceled. */
export async function replanWhole(tx: Tx, boss: PgBoss, wholeId: string) {
  await cancelParts(tx, boss, wholeId)
  await endOpenAttempts(tx, [wholeId], 'later')
  await requeueTask(tx, boss, { taskId: wholeId })
}

/**
 * Runs a locked task again, at the cost of an attempt, to plan its parts again; the current ones, locked too, are canceled
 * or deleted. Fails it with `error` if it has no attempt left.
 */
export async function restartWhole(
  tx: Tx,
  boss: PgBoss,
  { wholeId, error, cause }: { wholeId: string; error: TaskError; cause: string },
) {
  const { attempts, maxAttempts } = await tx.task.findUniqueOrThrow({ where: { id: wholeId } })
  if (attempts + 1 >= maxAttempts) await failWhole(tx, boss, { wholeId, error, cause })
  else await cancelParts(tx, boss, wholeId)
  await tx.task.deleteMany({ where: { partOfId: wholeId, state: 'done' } })
  if (attempts + 1 >= maxAttempts) return
  await endOpenAttempts(tx, [wholeId], 'retry')
  await tx.task.update({ where: { id: wholeId }, data: { attempts: { increment: 1 } } })
  await requeueTask(tx, boss, { taskId: wholeId })
}
