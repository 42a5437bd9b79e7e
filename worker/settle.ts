import type { JobWithMetadata } from 'pg-boss'
import type pino from 'pino'
import type { Tx } from '@/lib/db'
import { PermanentError, RetryLater } from '@/lib/errors'
import type { Prisma, Task } from '@/lib/generated/prisma/client'
import { inTransaction } from '@/lib/tasks/boss'
import { announceEnd } from '@/lib/tasks/announce'
import { causeOf } from '@/lib/tasks/cause'
import { requeueTask } from '@/lib/tasks/enqueue'
import { endDependents, startDependents } from '@/lib/tasks/finish'
import { endAttempt, Superseded, updateClaimed } from './claim'
import type { WorkerContext } from './context'
import { describe, describeAttempt } from './describe-error'
import { HandOver } from './hand-over'
import type { Outcome, TaskHandler } from './handler'
import type { RunningTasks } from './running-tasks'

type Job = Pick<JobWithMetadata<{ taskId: string }>, 'id' | 'name' | 'data' | 'retryCount' | 'output'>

export interface Given {
  context: WorkerContext
  handler: TaskHandler
  running: RunningTasks
  job: Job
}

/** Result, state, what depends on it and the acknowledgement commit together. @throws {Superseded} */
export async function settleDone({ context, job }: Given, task: Task, outcome: Outcome) {
  await context.db.$transaction(async (tx) => {
    await updateClaimed(
      tx,
      { taskId: task.id, claim: task.claim },
      {
        state: 'done',
        progress: 1,
        stage: null,
        etaSeconds: null,
        finishedAt: new Date(),
        result: (outcome.result ?? {}) as Prisma.InputJsonValue,
      },
    )
    await endAttempt(tx, { taskId: task.id, claim: task.claim }, { outcome: 'done' })
    await outcome.store?.(tx)
    await announceEnd(tx, context.boss, task.id)
    await startDependents(tx, context.boss, task.id)
    await acknowledge(context, tx, job)
  })
}

/** Handed over, superseded, not now, failed for good, or again later. */
export async function settleStopped(given: Given, task: Task, error: unknown, taskLog: pino.Logger) {
  const { context, job } = given
  if (error instanceof Superseded) {
    await endAttempt(context.db, { taskId: task.id, claim: task.claim }, { outcome: 'canceled' })
    taskLog.warn('stopped: canceled or taken over')
    return discardCanceled(given, task)
  }
  const claim = { taskId: task.id, claim: task.claim }
  try {
    if (error instanceof HandOver || error instanceof RetryLater) {
      const afterSeconds = error instanceof RetryLater ? error.delayMs / 1000 : 0
      await context.db.$transaction(async (tx) => {
        await updateClaimed(tx, claim, { attempts: task.attempts - 1 })
        await endAttempt(tx, claim, { outcome: error instanceof HandOver ? 'handed_over' : 'later' })
        await requeueTask(tx, context.boss, { task, afterSeconds })
        await acknowledge(context, tx, job)
      })
      return
    }
    taskLog.error({ err: error }, 'attempt failed')
    const isFinal = error instanceof PermanentError || task.attempts >= task.maxAttempts
    await context.db.$transaction(async (tx) => {
      if (isFinal) {
        await failClaimed(tx, given, task, error)
        await acknowledge(context, tx, job)
      } else {
        await updateClaimed(tx, claim, { error: describe(error) as Prisma.InputJsonValue })
        await endAttempt(tx, claim, { outcome: 'retry', error: describeAttempt(error) })
        const { retryDelaySeconds, retryDelayMaxSeconds } = given.handler.kind.queue
        const afterSeconds = Math.min(retryDelaySeconds * 2 ** (task.attempts - 1), retryDelayMaxSeconds)
        await requeueTask(tx, context.boss, { task, afterSeconds })
        await acknowledge(context, tx, job)
      }
    })
  } catch (settleError) {
    if (settleError instanceof Superseded) return discardCanceled(given, task)
    throw settleError
  }
}

async function failClaimed(tx: Tx, { context, handler }: Given, task: Task, error: unknown) {
  const described = describe(error)
  const claim = { taskId: task.id, claim: task.claim }
  const attemptError = describeAttempt(error)
  await endAttempt(tx, claim, { outcome: 'failed', error: attemptError })
  await updateClaimed(tx, claim, {
    state: 'failed',
    attempts: Math.min(task.attempts, task.maxAttempts),
    error: described as Prisma.InputJsonValue,
    cause: causeOf(attemptError.detail),
    stage: null,
    etaSeconds: null,
    finishedAt: new Date(),
  })
  const payload = handler.kind.payload.safeParse(task.payload)
  if (payload.success) await handler.fail?.(tx, payload.data, described)
  await announceEnd(tx, context.boss, task.id)
  await endDependents(tx, context.boss, { taskId: task.id, state: 'failed', error: described })
}

/**
 * The job of a task that was canceled, or deleted, while it ran: what it began is removed, then
 * acknowledged. `task` is the row as this run claimed it; without a run only a row that is still there counts.
 */
export async function discardCanceled({ context, handler, job }: Given, claimed?: Task) {
  const task = await context.db.task.findUnique({ where: { id: job.data.taskId } })
  const isStillOurs = task === null || (task.state === 'canceled' && task.jobId === job.id)
  const { payload } = task ?? claimed ?? {}
  if (isStillOurs && payload)
    await handler.discard?.({
      taskId: job.data.taskId,
      payload: handler.kind.payload.parse(payload),
      context,
    })
  if (task?.state === 'in_progress' && task.jobId === job.id) return
  await context.boss.complete(job.name, { id: job.id, retryCount: job.retryCount })
}

const acknowledge = (context: WorkerContext, tx: Tx, job: Given['job']) =>
  context.boss.complete(job.name, { id: job.id, retryCount: job.retryCount }, null, inTransaction(tx))
