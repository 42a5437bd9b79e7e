import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { prepared } from '../database/prepared-statements'
import { uuidV7 } from '../database/uuid-v7'
import { AppError } from '../errors'
import type { Task } from '../generated/prisma/client'
import { insertJobsSql } from './job-statement'
import { type PayloadOf, queueNameOf, type TaskKind } from './task-kind'
import { transitionTask } from './transition'

export interface EnqueueOptions<K extends TaskKind> {
  kind: K
  payload: PayloadOf<K>
  ownerId: string
  /** For a kind with a subject. */
  subjectId?: string
  /** The host that must execute it, for a kind with a host queue. */
  hostId?: string | null
  /** Whether it waits for all other tasks of its queue, now and later. Default: false. */
  isBackground?: boolean
  /** The task that must be done first; this one fails or is canceled with it. */
  parentId?: string
}

/** Below every other priority less its round. The trigger `take_round` gives such tasks no round. */
const BACKGROUND_PRIORITY = -2_000_000_000

export const isBackgroundTask = ({ priority }: Pick<Task, 'priority'>) => priority === BACKGROUND_PRIORITY

/**
 * Writes the task and its job in one statement: both are committed or neither is. A task with a parent gets its job when
 * the parent is done.
 * @throws {AppError} task.parent_ended if the parent has failed or was canceled
 */
export async function enqueueTask<K extends TaskKind>(
  tx: Tx | Db,
  boss: PgBoss,
  options: EnqueueOptions<K>,
): Promise<Task> {
  const { kind, ownerId, subjectId = null, parentId = null } = options
  if (subjectId && !kind.subject) throw new Error(`${kind.name} has no subject`)
  const queue = queueNameOf(kind, options.hostId)
  const payload = JSON.stringify(kind.payload.parse(options.payload))
  // The parent is locked until the transaction ends, so that it cannot end in between.
  const [task] = await tx.$queryRaw<Task[]>`
    ${prepared} WITH parent AS (
      SELECT state FROM task WHERE id = ${parentId}::uuid FOR UPDATE
    ), added AS (
      INSERT INTO task (id, "ownerId", kind, queue, payload, "maxAttempts", priority, "parentId", "subjectType", "subjectId",
        "jobId")
      SELECT ${uuidV7()}::uuid, ${ownerId}, ${kind.name}, ${queue}, ${payload}::jsonb, ${kind.queue.maxAttempts}::int,
        ${options.isBackground ? BACKGROUND_PRIORITY : kind.queue.priority}::int, ${parentId}::uuid, ${subjectId && kind.subject!.type}, ${subjectId}::uuid,
        CASE WHEN parent.state IN ('queued', 'in_progress') THEN NULL ELSE ${randomUUID()}::uuid END
      FROM (SELECT) one LEFT JOIN parent ON true
      WHERE ${parentId}::uuid IS NULL OR parent.state IN ('queued', 'in_progress', 'done')
      RETURNING *
    ), queued AS (
      SELECT * FROM added WHERE "jobId" IS NOT NULL
    ), ${await insertJobsSql(boss, queue)}
    SELECT added.* FROM added, (SELECT count(*) FROM notified) AS notification`
  if (task) return task
  const message = 'The task that this one waits for has ended without completing.'
  throw new AppError({ code: 'task.parent_ended', message, status: 409 })
}

/**
 * Sends the jobs of tasks, whose ids are written as their `jobId`. `afterSeconds` is the earliest start in seconds from
 * now, by default 0.
 */
export async function sendJobs(
  tx: Tx,
  boss: PgBoss,
  { tasks, afterSeconds }: { tasks: readonly Pick<Task, 'id' | 'queue'>[]; afterSeconds?: number },
) {
  for (const [queue, queued] of Map.groupBy(tasks, (task) => task.queue))
    await tx.$executeRaw`
      ${prepared} WITH queued AS (
        SELECT * FROM task WHERE id = ANY(${queued.map(({ id }) => id)}::uuid[])
      ), ${await insertJobsSql(boss, queue, afterSeconds)}
      SELECT count(*) FROM notified`
}

/**
 * Returns a task to its queue with a new job, in its round; a task without a round gets a new one.
 * @throws {Error} if its state may not precede `queued`
 */
export async function requeueTask(tx: Tx, boss: PgBoss, options: { taskId: string; afterSeconds?: number }) {
  const [start] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT now() + ${`${options.afterSeconds ?? 0} seconds`}::interval AS at`
  const task = await transitionTask(tx, {
    where: { id: options.taskId },
    to: 'queued',
    data: { jobId: randomUUID(), queuedAt: start!.at },
  })
  if (!task) throw new Error(`task ${options.taskId} cannot return to its queue`)
  await sendJobs(tx, boss, { tasks: [task], afterSeconds: options.afterSeconds })
  return task
}
