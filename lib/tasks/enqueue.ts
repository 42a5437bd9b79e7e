import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { AppError } from '../errors'
import type { Task } from '../generated/prisma/client'
import { inTransaction } from './boss'
import { type PayloadOf, queueNameOf, type TaskKind } from './task-kind'
import { isFinished, type TaskState } from './state'

export interface EnqueueOptions<K extends TaskKind> {
  kind: K
  payload: PayloadOf<K>
  ownerId: string
  /** The id of what the task is about, for a kind that has a subject. */
  subjectId?: string
  /** The host that must run it, for a kind with a host queue. */
  hostId?: string | null
  /** Start when this task is done; fail or be canceled with it. */
  parentId?: string
}

/**
 * Writes the task and its job in `tx`: both commit or neither does. A task with `after` gets its
 * job when that task is done, which it may be already.
 * @throws {AppError} task.parent_ended when that task will not be done
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
      priority: kind.queue.priority,
      parentId: options.parentId,
      subjectType: options.subjectId && kind.subject?.type,
      subjectId: options.subjectId,
      jobId: isWaiting ? undefined : randomUUID(),
    },
  })
  if (!isWaiting) await sendJob(tx, boss, task)
  return task
}

/** Held until `tx` ends, so that it does not end unseen meanwhile. */
async function mustWaitForParent(tx: Tx, taskId: string) {
  const [parent] = await tx.$queryRaw<{ state: TaskState }[]>`
    SELECT state FROM task WHERE id = ${taskId}::uuid FOR UPDATE`
  if (parent?.state === 'done') return false
  if (parent && !isFinished(parent.state)) return true
  const message = 'What this was to wait for has ended without being done.'
  throw new AppError({ code: 'task.parent_ended', message, status: 409 })
}

/** Sends the job of a task whose row already names it. `afterSeconds` holds it back. */
export async function sendJob(
  tx: Tx,
  boss: PgBoss,
  task: Pick<Task, 'id' | 'kind' | 'queue' | 'jobId' | 'round' | 'priority'>,
  afterSeconds = 0,
) {
  if (!task.jobId) throw new Error('a job is sent under the id that its task names')
  await boss.send(
    task.queue,
    { taskId: task.id, kind: task.kind },
    {
      id: task.jobId,
      // pg-boss takes the highest first, and of equals the oldest: the lowest round.
      priority: task.priority - (task.round ?? 0),
      startAfter: afterSeconds || undefined,
      ...inTransaction(tx),
    },
  )
}

/**
 * Puts a task (back) in line under a new job, in the round it has; without one it gets a new round. The row
 * must be in a state that may move to `queued`.
 */
export async function requeueTask(
  tx: Tx,
  boss: PgBoss,
  options: { task: Pick<Task, 'id'>; afterSeconds?: number },
) {
  const [start] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT now() + ${`${options.afterSeconds ?? 0} seconds`}::interval AS at`
  const task = await tx.task.update({
    where: { id: options.task.id },
    data: { state: 'queued', jobId: randomUUID(), stage: null, etaSeconds: null, queuedAt: start!.at },
  })
  await sendJob(tx, boss, task, options.afterSeconds)
  return task
}
