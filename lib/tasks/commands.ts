import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { Prisma, type Task } from '../generated/prisma/client'
import { notifyTaskEnd } from './notify-task-end'
import { inTransaction } from './boss'
import { requeueTask } from './enqueue'
import { endDependents } from './dependents'
import { isOptionalKind } from './registry'
import { canTransition, statesBefore, type TaskState } from './state'

interface Target {
  db: Db
  boss: PgBoss
  taskId: string
  ownerId: string
}

/**
 * Cancels a task, what waits for it, and what was started beside it for the same end: nothing of it goes on.
 * A worker that has one of them finds its writes refused, stops its processes and cleans up. Canceling a
 * canceled task changes nothing.
 * @throws {AppError} task.not_found, or task.finished when it is done or failed already.
 */
export async function cancelTask({ db, boss, taskId, ownerId }: Target) {
  await db.$transaction(async (tx) => {
    const task = await lockTask(tx, { taskId, ownerId })
    if (task.state === 'canceled') return
    if (!canTransition(task.state, 'canceled'))
      throw new AppError({ code: 'task.finished', message: 'This has finished already.', status: 409 })
    await cancelLockedTask(tx, boss, task)
    for (const sibling of await lockSiblings(tx, task, statesBefore('canceled')))
      await cancelLockedTask(tx, boss, sibling)
  })
}

async function cancelLockedTask(tx: Tx, boss: PgBoss, task: Task) {
  await tx.task.update({
    where: { id: task.id },
    data: { state: 'canceled', finishedAt: new Date(), etaSeconds: null, stage: null },
  })
  await notifyTaskEnd(tx, boss, task.id)
  await endDependents(tx, boss, { taskId: task.id, state: 'canceled' })
  // The job of running work stays: its worker acknowledges it after cleaning up.
  if (task.state === 'queued' && task.jobId) await boss.cancel(task.queue, task.jobId, inTransaction(tx))
}

/**
 * Puts a failed or canceled task in line again with fresh attempts, and what was canceled with it. If the
 * task it waits for did not get done either, that one goes first; while that one goes on, they wait for it.
 * Everything that ended with them waits again.
 * @throws {AppError} task.not_found, or task.not_retryable.
 */
export async function retryTask({ db, boss, taskId, ownerId }: Target) {
  await db.$transaction(async (tx) => {
    const asked = await lockTask(tx, { taskId, ownerId })
    if (asked.state !== 'failed' && asked.state !== 'canceled') {
      const message = 'Only what failed or was canceled can be tried again.'
      throw new AppError({ code: 'task.not_retryable', message, status: 409 })
    }
    const first = await findFirstUnfinished(tx, asked)
    const parent = first.parentId && (await tx.task.findUnique({ where: { id: first.parentId } }))
    const again = [first, ...(await lockSiblings(tx, first, ['canceled']))]
    for (const task of again) {
      await resetTaskChain(tx, task.id)
      // Where the parent is not done, its completion starts it.
      if (!parent || parent.state === 'done') await requeueTask(tx, boss, { task })
    }
  })
}

/**
 * The row, locked until the transaction ends, and before it what it waits for, the first of them first: the order in
 * which a worker that is done, and everybody else, locks them. Somebody else's is as absent as a missing one.
 */
async function lockTask(tx: Tx, { taskId, ownerId }: Pick<Target, 'taskId' | 'ownerId'>) {
  await tx.$queryRaw`
    WITH RECURSIVE chain AS (
      SELECT id, "parentId", 0 AS above FROM task WHERE id = ${taskId}::uuid
      UNION ALL
      SELECT task.id, task."parentId", above + 1 FROM task JOIN chain ON task.id = chain."parentId"
    )
    SELECT 1 FROM task JOIN chain USING (id) ORDER BY above DESC FOR UPDATE OF task`
  const task = await tx.task.findFirst({ where: { id: taskId, ownerId } })
  if (!task) throw notFound('task')
  return task
}

/** What the same task started, or will: `task` excluded, in one of `states`. None where `task` is an extra. */
async function lockSiblings(tx: Tx, task: Task, states: TaskState[]) {
  if (!task.parentId || isOptionalKind(task.kind)) return []
  await tx.$queryRaw`SELECT 1 FROM task WHERE "parentId" = ${task.parentId}::uuid ORDER BY id FOR UPDATE`
  return tx.task.findMany({
    where: { parentId: task.parentId, id: { not: task.id }, state: { in: states } },
  })
}

async function findFirstUnfinished(tx: Tx, task: Task): Promise<Task> {
  if (!task.parentId) return task
  const parent = await tx.task.findUniqueOrThrow({ where: { id: task.parentId } })
  return parent.state === 'failed' || parent.state === 'canceled' ? findFirstUnfinished(tx, parent) : task
}

async function resetTaskChain(tx: Tx, taskId: string) {
  await tx.task.update({
    where: { id: taskId },
    data: {
      state: 'queued',
      jobId: null,
      attempts: 0,
      progress: 0,
      error: Prisma.DbNull,
      detail: Prisma.DbNull,
      startedAt: null,
      finishedAt: null,
      seenAt: null,
      // Asked for anew, it stands in line anew.
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
