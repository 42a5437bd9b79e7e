import type { JobWithMetadata } from 'pg-boss'
import type pino from 'pino'
import type { Tx } from '@/lib/database/db'
import { PermanentError, RetryLater } from '@/lib/errors'
import type { Prisma, Task } from '@/lib/generated/prisma/client'
import { inTransaction } from '@/lib/tasks/boss'
import { notifyTaskEnd } from '@/lib/tasks/notify-task-end'
import { fingerprintError } from '@/lib/tasks/error-fingerprint'
import { requeueTask } from '@/lib/tasks/enqueue'
import { endDependents, startDependents } from '@/lib/tasks/dependents'
import { endAttempt, ClaimLost, updateClaimedTask } from './claim'
import type { WorkerContext } from '../context'
import { toTaskError, toAttemptError } from './task-error'
import { WorkerStopping } from './shutdown'
import type { TaskOutcome, TaskHandler } from './handler'
import type { RunningTasks } from './running-tasks'

type DeliveredJob = Pick<
  JobWithMetadata<{ taskId: string }>,
  'id' | 'name' | 'data' | 'retryCount' | 'output'
>

export interface JobContext {
  context: WorkerContext
  handler: TaskHandler
  running: RunningTasks
  job: DeliveredJob
}

/** Result, state, what depends on it and the acknowledgement commit together. @throws {Superseded} */
export async function completeTask({ context, job }: JobContext, task: Task, outcome: TaskOutcome) {
  await context.db.$transaction(async (tx) => {
    await updateClaimedTask(
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
    await notifyTaskEnd(tx, context.boss, task.id)
    await startDependents(tx, context.boss, task.id)
    await acknowledgeJob(context, tx, job)
  })
}

/** Handed over, superseded, not now, failed for good, or again later. */
export async function endUnfinishedRun(given: JobContext, task: Task, error: unknown, taskLog: pino.Logger) {
  const { context, job } = given
  if (error instanceof ClaimLost) {
    await endAttempt(context.db, { taskId: task.id, claim: task.claim }, { outcome: 'canceled' })
    taskLog.warn('stopped: canceled or taken over')
    return discardCanceled(given, task)
  }
  const claim = { taskId: task.id, claim: task.claim }
  try {
    if (error instanceof WorkerStopping || error instanceof RetryLater) {
      const afterSeconds = error instanceof RetryLater ? error.delayMs / 1000 : 0
      await context.db.$transaction(async (tx) => {
        await updateClaimedTask(tx, claim, { attempts: task.attempts - 1 })
        await endAttempt(tx, claim, { outcome: error instanceof WorkerStopping ? 'handed_over' : 'later' })
        await requeueTask(tx, context.boss, { task, afterSeconds })
        await acknowledgeJob(context, tx, job)
      })
      return
    }
    taskLog.error({ err: error }, 'attempt failed')
    const isFinal = error instanceof PermanentError || task.attempts >= task.maxAttempts
    await context.db.$transaction(async (tx) => {
      if (isFinal) {
        await failTask(tx, given, task, error)
        await acknowledgeJob(context, tx, job)
      } else {
        await updateClaimedTask(tx, claim, { error: toTaskError(error) as Prisma.InputJsonValue })
        await endAttempt(tx, claim, { outcome: 'retry', error: toAttemptError(error) })
        const { retryDelaySeconds, retryDelayMaxSeconds } = given.handler.kind.queue
        const afterSeconds = Math.min(retryDelaySeconds * 2 ** (task.attempts - 1), retryDelayMaxSeconds)
        await requeueTask(tx, context.boss, { task, afterSeconds })
        await acknowledgeJob(context, tx, job)
      }
    })
  } catch (settleError) {
    if (settleError instanceof ClaimLost) return discardCanceled(given, task)
    throw settleError
  }
}

async function failTask(tx: Tx, { context, handler }: JobContext, task: Task, error: unknown) {
  const described = toTaskError(error)
  const claim = { taskId: task.id, claim: task.claim }
  const attemptError = toAttemptError(error)
  await endAttempt(tx, claim, { outcome: 'failed', error: attemptError })
  await updateClaimedTask(tx, claim, {
    state: 'failed',
    attempts: Math.min(task.attempts, task.maxAttempts),
    error: described as Prisma.InputJsonValue,
    cause: fingerprintError(attemptError.detail),
    stage: null,
    etaSeconds: null,
    finishedAt: new Date(),
  })
  const payload = handler.kind.payload.safeParse(task.payload)
  if (payload.success) await handler.onFailed?.(tx, payload.data, described)
  await notifyTaskEnd(tx, context.boss, task.id)
  await endDependents(tx, context.boss, { taskId: task.id, state: 'failed', error: described })
}

/**
 * The job of a task that was canceled, or deleted, while it ran: what it began is removed, then
 * acknowledged. `task` is the row as this run claimed it; without a run only a row that is still there counts.
 */
export async function discardCanceled({ context, handler, job }: JobContext, claimed?: Task) {
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

const acknowledgeJob = (context: WorkerContext, tx: Tx, job: JobContext['job']) =>
  context.boss.complete(job.name, { id: job.id, retryCount: job.retryCount }, null, inTransaction(tx))
