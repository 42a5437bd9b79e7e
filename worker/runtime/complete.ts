import type pino from 'pino'
import { isQueryUnavailable } from '@/lib/database/database-unavailable'
import type { Tx } from '@/lib/database/db'
import { errorMessage, PermanentError, RetryLater } from '@/lib/errors'
import { StorageUnavailable } from '@/lib/storage/errors'
import type { Prisma, Task } from '@/lib/generated/prisma/client'
import { DIVIDED } from '@/lib/tasks/attempts'
import { inTransaction } from '@/lib/tasks/boss'
import { endDependents } from '@/lib/tasks/dependents'
import { requeueTask } from '@/lib/tasks/enqueue'
import { findErrorCause } from '@/lib/tasks/error-fingerprint'
import { notifyTaskEnd } from '@/lib/tasks/notify-task-end'
import { enqueueParts, failWhole, lockParts, lockWhole, resumeWhole } from '@/lib/tasks/parts'
import { transitionTask } from '@/lib/tasks/transition'
import type { WorkerContext } from '../context'
import { ClaimLost, endAttempt, endClaimedTask, updateClaimedTask } from './claim'
import { completeTogether } from './complete-together'
import type { DeliveredJob } from './fetch-jobs'
import type { PartsOutcome, TaskHandler, TaskOutcome } from './handler'
import type { RunningTasks } from './running-tasks'
import { WorkerStopping } from './shutdown'
import { toAttemptError, toTaskError } from './task-error'
import { writeCompletions } from './write-completions'

export interface JobContext {
  context: WorkerContext
  handler: TaskHandler
  running: RunningTasks
  job: Pick<DeliveredJob, 'id' | 'name' | 'data' | 'retryCount' | 'output'>
}

/** A job whose task this worker has claimed. */
export interface ClaimedJob extends JobContext {
  /** The row as claimed. */
  task: Task
}

/** After the minutes for which requests to the storage and the database are repeated. */
const OUTAGE_RETRY_MS = 15_000

const claimOf = (task: Task) => ({ taskId: task.id, claim: task.claim })

/** Commits the result, the state, the dependents and the acknowledgement together. @throws {ClaimLost} */
export async function completeTask({ context, job, task }: ClaimedJob, outcome: TaskOutcome) {
  const completion = { job, task, outcome }
  if (await completeTogether(context, completion)) return
  await context.db.$transaction(async (tx) => {
    if (task.partOfId) await lockWhole(tx, task.partOfId)
    const written = await writeCompletions(tx, context.boss, [completion])
    if (written.size === 0) throw new ClaimLost()
    if (task.partOfId) await resumeWhole(tx, context.boss, task.partOfId)
  })
}

/** Creates the parts of the task, which waits for them without a job and spends no attempt. @throws {ClaimLost} */
export async function waitForParts({ context, job, task }: ClaimedJob, { parts, totalWeight }: PartsOutcome) {
  await context.db.$transaction(async (tx) => {
    await updateClaimedTask(tx, claimOf(task), { attempts: task.attempts - 1, weight: totalWeight })
    await endAttempt(tx, claimOf(task), { outcome: DIVIDED })
    await transitionTask(tx, { where: { id: task.id }, to: 'queued', data: { jobId: null } })
    await enqueueParts(tx, context.boss, { whole: task, parts })
    await acknowledgeJob(tx, context, job)
  })
}

/** Settles a run that threw: requeues the task without spending an attempt, retries it, or fails it. */
export async function settleFailedRun(
  claimed: ClaimedJob,
  { error, log }: { error: unknown; log: pino.Logger },
) {
  const { context, task } = claimed
  if (error instanceof ClaimLost) {
    await endAttempt(context.db, claimOf(task), { outcome: 'canceled' })
    log.warn('run stopped: task canceled or claimed by another run')
    return discardCanceled(claimed)
  }
  try {
    if (error instanceof WorkerStopping || error instanceof RetryLater)
      return await postponeTask(claimed, error)
    if (error instanceof StorageUnavailable) {
      log.warn({ err: error }, 'storage unavailable')
      return await postponeTask(claimed, new RetryLater(OUTAGE_RETRY_MS, error.reason))
    }
    // Of a query outside `run.write`, or after the minutes for which that waits.
    if (isQueryUnavailable(error)) {
      log.warn({ err: error }, 'database unavailable')
      return await postponeTask(claimed, new RetryLater(OUTAGE_RETRY_MS, errorMessage(error)))
    }
    log.error({ err: error }, 'attempt failed')
    const isFinal = error instanceof PermanentError || task.attempts >= task.maxAttempts
    await (isFinal ? failTask(claimed, error) : retryTask(claimed, error))
  } catch (settleError) {
    if (settleError instanceof ClaimLost) return discardCanceled(claimed)
    throw settleError
  }
}

/** Returns the task to its queue without spending an attempt. @throws {ClaimLost} */
export async function postponeTask(
  { context, job, task }: Pick<ClaimedJob, 'context' | 'job' | 'task'>,
  error: WorkerStopping | RetryLater,
) {
  const { delayMs = 0, stage } = error instanceof RetryLater ? error : {}
  await context.db.$transaction(async (tx) => {
    await updateClaimedTask(tx, claimOf(task), { attempts: task.attempts - 1 })
    await endAttempt(tx, claimOf(task), {
      outcome: error instanceof WorkerStopping ? 'handed_over' : 'later',
    })
    await requeueTask(tx, context.boss, { taskId: task.id, afterSeconds: delayMs / 1000, stage })
    await acknowledgeJob(tx, context, job)
  })
}

async function retryTask({ context, handler, job, task }: ClaimedJob, error: unknown) {
  const { retryDelaySeconds, retryDelayMaxSeconds } = handler.kind.queue
  const afterSeconds = Math.min(retryDelaySeconds * 2 ** (task.attempts - 1), retryDelayMaxSeconds)
  await context.db.$transaction(async (tx) => {
    await updateClaimedTask(tx, claimOf(task), { error: toTaskError(error) as Prisma.InputJsonValue })
    await endAttempt(tx, claimOf(task), { outcome: 'retry', error: toAttemptError(error) })
    await requeueTask(tx, context.boss, { taskId: task.id, afterSeconds })
    await acknowledgeJob(tx, context, job)
  })
}

async function failTask({ context, handler, job, task }: ClaimedJob, thrown: unknown) {
  const error = toTaskError(thrown)
  const attemptError = toAttemptError(thrown)
  const cause = findErrorCause(thrown)
  await context.db.$transaction(async (tx) => {
    if (task.partOfId) {
      await lockWhole(tx, task.partOfId)
      await lockParts(tx, [task.partOfId])
    }
    await endClaimedTask(tx, claimOf(task), {
      to: 'failed',
      data: {
        attempts: Math.min(task.attempts, task.maxAttempts),
        error: error as Prisma.InputJsonValue,
        // The dead letter is the task that it belongs to.
        cause: task.partOfId ? null : cause,
      },
    })
    await endAttempt(tx, claimOf(task), { outcome: 'failed', error: attemptError })
    const payload = handler.kind.payload.safeParse(task.payload)
    if (payload.success) await handler.onFailed?.(tx, payload.data, error)
    await notifyTaskEnd(tx, context.boss, task.id)
    await endDependents(tx, context.boss, { taskId: task.id, state: 'failed', error })
    if (task.partOfId) await failWhole(tx, context.boss, { wholeId: task.partOfId, error, cause })
    await acknowledgeJob(tx, context, job)
  })
}

/** Returns the task of an unclaimed job to its queue, without an attempt. */
export async function returnJob(
  context: WorkerContext,
  job: Pick<DeliveredJob, 'id' | 'name' | 'data' | 'retryCount'>,
  afterSeconds: number,
) {
  await context.db.$transaction(async (tx) => {
    const [task] = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM task WHERE id = ${job.data.taskId}::uuid AND "jobId" = ${job.id}::uuid
        AND state IN ('queued', 'in_progress') FOR UPDATE`
    if (task) await requeueTask(tx, context.boss, { taskId: job.data.taskId, afterSeconds })
    await acknowledgeJob(tx, context, job)
  })
}

/**
 * Handles the job of a task that was canceled or deleted: cleans up its partial work, then acknowledges the job. A
 * deleted task is cleaned up only if this worker has claimed it before.
 */
export async function discardCanceled({
  context,
  handler,
  job,
  task: claimed,
}: JobContext & Partial<ClaimedJob>) {
  const task = await context.db.task.findUnique({ where: { id: job.data.taskId } })
  const isOwnJob = task === null || (task.state === 'canceled' && task.jobId === job.id)
  const { payload } = task ?? claimed ?? {}
  if (isOwnJob && payload)
    await handler.discard?.({
      taskId: job.data.taskId,
      payload: handler.kind.payload.parse(payload),
      context,
    })
  if (task?.state === 'in_progress' && task.jobId === job.id) return
  await context.boss.complete(job.name, { id: job.id, retryCount: job.retryCount })
}

const acknowledgeJob = (
  tx: Tx,
  { boss }: WorkerContext,
  job: Pick<DeliveredJob, 'id' | 'name' | 'retryCount'>,
) => boss.complete(job.name, { id: job.id, retryCount: job.retryCount }, null, inTransaction(tx))
