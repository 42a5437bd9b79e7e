import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { toLocale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { type ClaimedTask, claimTask, executeWhileClaimed, lockClaimedTask } from './claim'
import { reportWhole } from '@/lib/tasks/part-progress'
import { startWhole } from '@/lib/tasks/parts'
import { isolateSuspect, findExhaustionError } from './poison-tasks'
import type { TaskRun } from './handler'
import { retryWhileDatabaseDown } from './retry-while-database-down'
import { createProgressWriter } from './progress'
import {
  type ClaimedJob,
  completeTask,
  discardCanceled,
  type JobContext,
  settleFailedRun,
  waitForParts,
} from './complete'
import { logFieldsOf } from './task-log'

/**
 * Processes one delivered job: claims its task, unless `task` is the row as claimed by the delivery, runs the handler, and
 * settles task and job in one transaction. Acknowledges a job whose task has ended or has another job, without running it.
 */
export async function runTask(options: JobContext & { task?: ClaimedTask | null }): Promise<void> {
  const { context, handler, job, running } = options
  if (options.task) return runForOwner({ ...options, task: options.task })
  if (!job.retryCount) return claimAndRun(options)
  const task = await context.db.task.findUnique({
    where: { id: job.data.taskId },
    select: { deaths: true },
  })
  const deaths = (task?.deaths ?? 0) + (isAfterWorkerDeath(job) ? 1 : 0)
  return isolateSuspect({ running, deaths, kind: handler.kind }, () => claimAndRun(options))
}

/** Whether pg-boss redelivers the job because its worker sent no heartbeats. */
const isAfterWorkerDeath = ({ output }: JobContext['job']) =>
  (output as { value?: { message?: string } } | null)?.value?.message === 'job heartbeat timeout'

async function claimAndRun(options: JobContext): Promise<void> {
  const { context, job } = options
  const task = await claimTask(context.db, {
    taskId: job.data.taskId,
    jobId: job.id,
    isAfterDeath: isAfterWorkerDeath(job),
  })
  await (task ? runForOwner({ ...options, task }) : discardCanceled(options))
}

/** What the task writes for its owner is in the owner's language. */
const runForOwner = (claimed: JobContext & { task: ClaimedTask }) =>
  runWithLocale(toLocale(claimed.task.ownerLocale), () => runAttempt(claimed))

async function runAttempt(claimed: ClaimedJob): Promise<void> {
  const { context, handler, task } = claimed
  const claim = { taskId: task.id, claim: task.claim }
  const stop = new AbortController()
  const log = claimed.running.log.child(logFieldsOf(task))
  const payload = handler.kind.payload.safeParse(task.payload)
  /** The task that this one is a part of, if it counts. */
  const wholeId = task.weight ? task.partOfId : null
  const progress = createProgressWriter({
    db: context.db,
    claim,
    onWritten: async ({ stage, stageSource }) => {
      if (!wholeId) return
      const detail = await handler.describeWhole?.(payload.data, context)
      await reportWhole(context.db, wholeId, { stage, stageSource, detail })
    },
    onError: (error) => stop.abort(error),
  })
  const run: TaskRun<unknown> = {
    taskId: task.id,
    kind: handler.kind,
    payload: payload.data,
    signal: stop.signal,
    log,
    context,
    report: progress.report,
    write: (work) =>
      retryWhileDatabaseDown(
        () =>
          context.db.$transaction(async (tx) => {
            await lockClaimedTask(tx, claim)
            return work(tx)
          }),
        stop.signal,
      ),
    // What they record may have happened, so the end of the worker does not end the wait for the database.
    writeTogether: (...statements) =>
      retryWhileDatabaseDown(() => executeWhileClaimed(context.db, claim, statements)),
  }
  const release = claimed.running.add(claim, stop)
  // The log of a task with parts has lines of their own for them.
  const level = task.partOfId ? 'debug' : 'info'
  const isContinued = !task.partOfId && task.weight !== null
  log[level](isContinued ? 'continuing after the parts of the task' : 'attempt started')
  try {
    const exhaustion = findExhaustionError(task, handler.kind)
    if (exhaustion) throw exhaustion
    // A payload of another version fails the attempt like any other error.
    if (!payload.success) throw payload.error
    if (wholeId) await startWhole(context.db, wholeId)
    const outcome = await handler.run(run)
    await progress.stop()
    if ('parts' in outcome) {
      await retryWhileDatabaseDown(() => waitForParts(claimed, outcome))
      log.info({ parts: outcome.parts.length }, 'waiting for the parts of the task')
    } else {
      await retryWhileDatabaseDown(() => completeTask(claimed, outcome))
      log[level]({ durationMs: databaseTimeMs() - task.startedAt!.getTime() }, 'task done')
    }
  } catch (error) {
    await progress.stop()
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error
    await retryWhileDatabaseDown(() => settleFailedRun(claimed, { error: reason, log }))
  } finally {
    release()
  }
}
