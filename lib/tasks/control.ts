import type { PgBoss } from 'pg-boss'
import type { Db, Tx } from '../db'
import { AppError, notFound } from '../errors'
import { Prisma, type Task } from '../generated/prisma/client'
import { inTransaction } from './boss'
import { requeueTask } from './enqueue'
import { endDependents } from './finish'
import { canMove } from './state'

interface Target {
  db: Db
  boss: PgBoss
  taskId: string
  ownerId: string
}

/**
 * Cancels a task. A worker that has it finds its writes refused, stops its processes and cleans up.
 * What waited for it is canceled too. Canceling a canceled task changes nothing.
 * @throws {AppError} task.not_found, or task.finished when it is done or failed already.
 */
export async function cancelTask({ db, boss, taskId, ownerId }: Target) {
  await db.$transaction(async (tx) => {
    const task = await lockTask(tx, { taskId, ownerId })
    if (task.state === 'canceled') return
    if (!canMove(task.state, 'canceled'))
      throw new AppError({ code: 'task.finished', message: 'This has finished already.', status: 409 })
    await tx.task.update({
      where: { id: taskId },
      data: { state: 'canceled', finishedAt: new Date(), etaSeconds: null, stage: null },
    })
    await endDependents(tx, { taskId, state: 'canceled' })
    // The job of running work stays: its worker acknowledges it after cleaning up.
    if (task.state === 'queued' && task.jobId) await boss.cancel(task.queue, task.jobId, inTransaction(tx))
  })
}

/**
 * Puts a failed or canceled task in line again with fresh attempts. If the task it waited for did not
 * get done either, that one goes first. Everything that ended with them waits again.
 * @throws {AppError} task.not_found, or task.not_retryable.
 */
export async function retryTask({ db, boss, taskId, ownerId }: Target) {
  await db.$transaction(async (tx) => {
    const asked = await lockTask(tx, { taskId, ownerId })
    if (asked.state !== 'failed' && asked.state !== 'canceled') {
      const message = 'Only what failed or was canceled can be tried again.'
      throw new AppError({ code: 'task.not_retryable', message, status: 409 })
    }
    const first = await firstUnfinished(tx, asked)
    await resetChain(tx, first.id)
    await requeueTask(tx, boss, { task: first })
  })
}

/** The row, locked until the transaction ends. Somebody else's is as absent as a missing one. */
async function lockTask(tx: Tx, { taskId, ownerId }: Pick<Target, 'taskId' | 'ownerId'>) {
  await tx.$queryRaw`SELECT 1 FROM task WHERE id = ${taskId}::uuid FOR UPDATE`
  const task = await tx.task.findFirst({ where: { id: taskId, ownerId } })
  if (!task) throw notFound('task')
  return task
}

async function firstUnfinished(tx: Tx, task: Task): Promise<Task> {
  if (!task.parentId) return task
  const parent = await tx.task.findUniqueOrThrow({ where: { id: task.parentId } })
  return parent.state === 'failed' || parent.state === 'canceled' ? firstUnfinished(tx, parent) : task
}

async function resetChain(tx: Tx, taskId: string) {
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
    },
  })
  const ended = await tx.task.findMany({
    where: { parentId: taskId, state: { in: ['failed', 'canceled'] } },
    select: { id: true },
  })
  for (const { id } of ended) await resetChain(tx, id)
}
