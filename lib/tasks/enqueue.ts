import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { AppError } from '../errors'
import type { Task } from '../generated/prisma/client'
import { inTransaction } from './boss'
import { type PayloadOf, queueNameOf, type TaskKind } from './task-kind'
import { isFinished, type TaskState } from './state'
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
 * Writes the task and its job in `tx`: both commit or neither does. A task with a parent gets its job when the
 * parent is done.
 * @throws {AppError} task.parent_ended if the parent has failed or was canceled
 */
export async function enqueueTask<K extends TaskKind>(tx: Tx, boss: PgBoss, options: EnqueueOptions<K>) {
  const { kind } = options
  if (options.subjectId && !kind.subject) throw new Error(`${kind.name} has no subject`)
  const isWaiting = options.parentId ? await mustWaitForParent(tx, options.parentId) : false
  const task = await tx.task.create({
    data: {
      ownerId: options.ownerId,
      kind: kind.name,
      queue: queueNameOf(kind, options.hostId),
      payload: kind.payload.parse(options.payload) as object,
      maxAttempts: kind.queue.maxAttempts,
      priority: options.isBackground ? BACKGROUND_PRIORITY : kind.queue.priority,
      parentId: options.parentId,
      subjectType: options.subjectId && kind.subject?.type,
      subjectId: options.subjectId,
      jobId: isWaiting ? undefined : randomUUID(),
    },
  })
  if (!isWaiting) await sendJob(tx, boss, { task })
  return task
}

/** Locks the parent until `tx` ends, so that it cannot end in between. */
async function mustWaitForParent(tx: Tx, taskId: string) {
  const [parent] = await tx.$queryRaw<{ state: TaskState }[]>`
    SELECT state FROM task WHERE id = ${taskId}::uuid FOR UPDATE`
  if (parent?.state === 'done') return false
  if (parent && !isFinished(parent.state)) return true
  const message = 'The task that this one waits for has ended without completing.'
  throw new AppError({ code: 'task.parent_ended', message, status: 409 })
}

type QueuedTask = Pick<Task, 'id' | 'kind' | 'queue' | 'jobId' | 'round' | 'priority'>

interface SendJobOptions {
  task: QueuedTask
  /** The earliest start of the job, in seconds from now. Default: 0. */
  afterSeconds?: number
}

/** Sends the job whose id is `task.jobId`. */
export async function sendJob(tx: Tx, boss: PgBoss, { task, afterSeconds }: SendJobOptions) {
  const { data, ...options } = toJob(task)
  await boss.send(task.queue, data, {
    ...options,
    startAfter: afterSeconds || undefined,
    ...inTransaction(tx),
  })
}

/** Sends the jobs of many tasks. */
export async function sendJobs(tx: Tx, boss: PgBoss, tasks: readonly QueuedTask[]) {
  for (const [queue, queued] of Map.groupBy(tasks, (task) => task.queue))
    await boss.insert(queue, queued.map(toJob), inTransaction(tx))
}

function toJob(task: QueuedTask) {
  if (!task.jobId) throw new Error(`task ${task.id} has no job id`)
  return {
    id: task.jobId,
    data: { taskId: task.id, kind: task.kind },
    // pg-boss fetches the highest priority first, and the oldest among equals: the lowest round.
    priority: task.priority - (task.round ?? 0),
  }
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
  await sendJob(tx, boss, { task, afterSeconds: options.afterSeconds })
  return task
}
