import * as messages from '../generated/messages/task-errors'
import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { querySql, type SqlExecutor } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { uuidV7 } from '../database/uuid-v7'
import { AppError } from '../errors'
import { findStoredMessage } from '../i18n/stored-message'
import { Prisma, type Task } from '../generated/prisma/client'
import { insertJobsSql } from './job-statement'
import { type PayloadOf, queueNameOf, type TaskKind } from './task-kind'
import { transitionTask } from './transition'

export interface EnqueueOptions<K extends TaskKind> {
  /** Default: a new one. */
  id?: string
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

/** Below every other priority less its round. Such tasks take no rounds. */
const BACKGROUND_PRIORITY = -2_000_000_000

export const isBackgroundTask = ({ priority }: Pick<Task, 'priority'>) => priority === BACKGROUND_PRIORITY

/**
 * Writes the task and its job in one statement: both are committed or neither is. A task with a parent gets its job when
 * the parent is done.
 * @throws {AppError} task.parent_ended if the parent has failed or was canceled
 */
export async function enqueueTask<K extends TaskKind>(
  tx: SqlExecutor,
  boss: PgBoss,
  { kind, hostId, isBackground, ...task }: EnqueueOptions<K>,
): Promise<Task> {
  return (await enqueueTasks(tx, boss, { kind, hostId, isBackground, tasks: [task] }))[0]!
}

type CommonOptions = 'kind' | 'hostId' | 'isBackground'

interface EnqueueManyOptions<K extends TaskKind> extends Pick<EnqueueOptions<K>, CommonOptions> {
  tasks: readonly Omit<EnqueueOptions<K>, CommonOptions>[]
}

/** As `enqueueTask`, for tasks of one kind, in the order in which they are to start. */
export async function enqueueTasks<K extends TaskKind>(
  tx: SqlExecutor,
  boss: PgBoss,
  { kind, hostId, isBackground, tasks }: EnqueueManyOptions<K>,
): Promise<Task[]> {
  if (tasks.length === 0) return []
  if (!kind.subject && tasks.some(({ subjectId }) => subjectId))
    throw new Error(`${kind.name} has no subject`)
  const queue = queueNameOf(kind, hostId)
  const ids = tasks.map(({ id }) => id ?? uuidV7())
  const owners = tasks.map(({ ownerId }) => ownerId)
  const payloads = tasks.map(({ payload }) => JSON.stringify(kind.payload.parse(payload)))
  const parents = tasks.map(({ parentId }) => parentId ?? null)
  const subjects = tasks.map(({ subjectId }) => subjectId ?? null)
  const subjectType = kind.subject?.type ?? null
  const priority = isBackground ? BACKGROUND_PRIORITY : kind.queue.priority
  // The parents are locked until the transaction ends, so that they cannot end in between.
  const added = await querySql<Task>(
    tx,
    Prisma.sql`
    ${prepared} WITH wanted AS (
      SELECT * FROM unnest(${ids}::uuid[], ${owners}::text[], ${payloads}::text[], ${parents}::uuid[], ${subjects}::uuid[])
        WITH ORDINALITY AS wanted(id, "ownerId", payload, "parentId", "subjectId", n)
    ), parent AS (
      SELECT id, state FROM task WHERE id = ANY(${parents}::uuid[]) ORDER BY id FOR UPDATE
    ), admitted AS (
      SELECT wanted.*, coalesce(parent.state IN ('queued', 'in_progress'), false) AS "isWaiting"
      FROM wanted LEFT JOIN parent ON parent.id = "parentId"
      WHERE "parentId" IS NULL OR parent.state IN ('queued', 'in_progress', 'done')
    ), turn AS MATERIALIZED (
      SELECT "ownerId", take_rounds(${queue}, "ownerId", count(*)::int) AS rounds
      FROM admitted WHERE NOT "isWaiting" AND ${!isBackground} GROUP BY "ownerId"
    ), added AS (
      INSERT INTO task (id, "ownerId", kind, queue, payload, "maxAttempts", priority, "parentId", "subjectType", "subjectId",
        "jobId", round)
      SELECT id, "ownerId", ${kind.name}, ${queue}, payload::jsonb, ${kind.queue.maxAttempts}::int, ${priority}::int,
        "parentId", CASE WHEN "subjectId" IS NOT NULL THEN ${subjectType} END, "subjectId",
        CASE WHEN NOT "isWaiting" THEN gen_random_uuid() END,
        CASE WHEN NOT "isWaiting" THEN rounds[row_number() OVER (PARTITION BY "ownerId", "isWaiting" ORDER BY n)] END
      FROM admitted LEFT JOIN turn USING ("ownerId")
      ORDER BY n
      RETURNING *
    ), queued AS (
      SELECT * FROM added WHERE "jobId" IS NOT NULL
    ), ${await insertJobsSql(boss, queue)}
    SELECT added.* FROM added, (SELECT count(*) FROM notified) AS notification`,
  )
  if (added.length < tasks.length) throw parentEndedError()
  const byId = new Map(added.map((task) => [task.id, task]))
  return ids.map((id) => byId.get(id)!)
}

const parentEndedError = () =>
  new AppError({ code: 'task.parent_ended', message: messages.parentEnded(), status: 409 })

/**
 * Sends the jobs of tasks, whose ids are written as their `jobId`. `afterSeconds` is the earliest start in seconds from
 * now, by default 0.
 */
export async function sendJobs(
  tx: SqlExecutor,
  boss: PgBoss,
  { tasks, afterSeconds }: { tasks: readonly Pick<Task, 'id' | 'queue'>[]; afterSeconds?: number },
) {
  for (const [queue, queued] of Map.groupBy(tasks, (task) => task.queue))
    await querySql(
      tx,
      Prisma.sql`
        ${prepared} WITH queued AS (
          SELECT * FROM task WHERE id = ANY(${queued.map(({ id }) => id)}::uuid[])
        ), ${await insertJobsSql(boss, queue, afterSeconds)}
        SELECT count(*) FROM notified`,
    )
}

/** A stage, with its message. */
const stored = (stage?: string) =>
  stage ? { stage, stageSource: findStoredMessage(stage) ?? Prisma.DbNull } : {}

/**
 * Returns a task to its queue with a new job, in its round; a task without a round gets a new one.
 * @throws {Error} if its state may not precede `queued`
 */
export async function requeueTask(
  tx: Tx,
  boss: PgBoss,
  options: {
    taskId: string
    afterSeconds?: number
    /** Shown while it waits. Default: none. */ stage?: string
  },
) {
  const [start] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT now() + ${`${options.afterSeconds ?? 0} seconds`}::interval AS at`
  const task = await transitionTask(tx, {
    where: { id: options.taskId },
    to: 'queued',
    data: { jobId: randomUUID(), queuedAt: start!.at, ...stored(options.stage) },
  })
  if (!task) throw new Error(`task ${options.taskId} cannot return to its queue`)
  await sendJobs(tx, boss, { tasks: [task], afterSeconds: options.afterSeconds })
  return task
}
