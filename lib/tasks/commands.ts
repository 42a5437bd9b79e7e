import * as messages from '../generated/messages/task-errors'
import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import { Prisma, type Task } from '../generated/prisma/client'
import { endOpenAttempts } from './attempts'
import { inTransaction } from './boss'
import { endDependents } from './dependents'
import { requeueTask, sendJobs } from './enqueue'
import { lockSiblings, lockTask } from './lock-task'
import { notifyTaskEnd } from './notify-task-end'
import { cancelParts } from './parts'
import { taskRegistry, taskSubjects } from './registry'
import { canTransition, statesBefore } from './state'
import { transitionTask } from './transition'

interface Target {
  db: Db
  boss: PgBoss
  taskId: string
  ownerId: string
}

/**
 * Cancels a task, its parts, its dependents and its siblings; for a part, the task that it belongs to. The writes of a
 * worker that runs one of them are rejected from then on; it stops its processes and cleans up. Idempotent.
 * @throws {AppError} task.not_found, or task.finished if it is done or failed
 */
export async function cancelTask({ db, ...target }: Target) {
  await db.$transaction(async (tx) => {
    const state = await cancelIfUnfinished(tx, target)
    if (state === 'canceled') return
    throw new AppError({ code: 'task.finished', message: messages.finished(), status: 409 })
  })
}

/** As `cancelTask` in a transaction, which leaves a finished task alone. Returns the state of the task. */
export async function cancelIfUnfinished(tx: Tx, { boss, ...target }: Omit<Target, 'db'>) {
  const task = await lockTask(tx, target)
  if (!canTransition(task.state, 'canceled')) return task.state
  await cancelLockedTask(tx, boss, task)
  for (const sibling of await lockSiblings(tx, task, statesBefore('canceled')))
    await cancelLockedTask(tx, boss, sibling)
  return 'canceled' as const
}

async function cancelLockedTask(tx: Tx, boss: PgBoss, task: Task) {
  if (!(await transitionTask(tx, { where: { id: task.id }, to: 'canceled' }))) return
  await endOpenAttempts(tx, [task.id], 'canceled')
  await notifyTaskEnd(tx, boss, task.id)
  await endDependents(tx, boss, { taskId: task.id, state: 'canceled' })
  if (await cancelParts(tx, boss, task.id)) await sendCleanupJob(tx, boss, task.id)
  // The worker that runs the task acknowledges its job after cleaning up.
  else if (task.state === 'queued' && task.jobId) await boss.cancel(task.queue, task.jobId, inTransaction(tx))
}

/** Sends a job with which a worker cleans up after a task that none of them executes. */
async function sendCleanupJob(tx: Tx, boss: PgBoss, taskId: string) {
  const task = await tx.task.update({ where: { id: taskId }, data: { jobId: randomUUID() } })
  await sendJobs(tx, boss, { tasks: [task] })
}

/**
 * Retries a failed or canceled task with all of its attempts, together with the siblings canceled with it. Starts with
 * the topmost ancestor that failed or was canceled; its dependents wait for it again.
 * @throws {AppError} task.not_found, task.not_retryable, or why its subject or a listener has no task retried
 */
export async function retryTask({ db, ...target }: Target) {
  await db.$transaction(async (tx) => {
    if (!(await retryIfEnded(tx, target))) throw notRetryableError()
    await requireRetryableSubject(tx, target)
  })
}

async function requireRetryableSubject(tx: Tx, { taskId, ownerId }: Pick<Target, 'taskId' | 'ownerId'>) {
  const { subjectType, subjectId: id } = await tx.task.findUniqueOrThrow({ where: { id: taskId } })
  const subject = taskSubjects().find(({ type }) => type === subjectType)
  if (id) await subject?.requireRetryable?.(tx, { id, ownerId })
}

/** As `retryTask` in a transaction, of any subject, which leaves a task in another state alone. Returns whether it was retried. */
export async function retryIfEnded(tx: Tx, { boss, ...target }: Omit<Target, 'db'>) {
  const requested = await lockTask(tx, target)
  if (requested.state !== 'failed' && requested.state !== 'canceled') return false
  // It has never been executed (`recordFailures`), or cannot be again.
  if (requested.maxAttempts === 0) return false
  for (const listener of taskRegistry().retryListeners)
    if (listener.concerns(requested)) await listener.onRetry(tx, boss, requested)
  const first = await findTopmostEnded(tx, requested)
  const parent = first.parentId && (await tx.task.findUnique({ where: { id: first.parentId } }))
  for (const task of [first, ...(await lockSiblings(tx, first, ['canceled']))]) {
    await resetTaskChain(tx, task.id)
    // An unfinished parent starts it when it is done.
    if (!parent || parent.state === 'done') await requeueTask(tx, boss, { taskId: task.id })
  }
  return true
}

async function findTopmostEnded(tx: Tx, task: Task): Promise<Task> {
  if (!task.parentId) return task
  const parent = await tx.task.findUniqueOrThrow({ where: { id: task.parentId } })
  return parent.state === 'failed' || parent.state === 'canceled' ? findTopmostEnded(tx, parent) : task
}

/** Returns a task and its dependents to `queued`, without jobs, as if they were new. */
async function resetTaskChain(tx: Tx, taskId: string) {
  await transitionTask(tx, {
    where: { id: taskId },
    to: 'queued',
    data: {
      jobId: null,
      attempts: 0,
      progress: 0,
      weight: null,
      error: Prisma.DbNull,
      detail: Prisma.DbNull,
      startedAt: null,
      finishedAt: null,
      seenAt: null,
      // It queues like a new task of its owner.
      round: null,
      deaths: 0,
      cause: null,
      discardedAt: null,
      discardReason: null,
      redriveId: null,
    },
  })
  const ended = await tx.task.findMany({
    where: { parentId: taskId, state: { in: ['failed', 'canceled'] } },
    select: { id: true },
  })
  for (const { id } of ended) await resetTaskChain(tx, id)
}

const notRetryableError = () =>
  new AppError({
    code: 'task.not_retryable',
    message: messages.notRetryable(),
    status: 409,
  })
