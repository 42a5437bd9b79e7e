import { claimTask, lockClaimed } from './claim'
import { amongSuspects, reasonToGiveUp } from './give-up'
import type { Run } from './handler'
import { outlastDatabase } from './outlast'
import { progressWriter } from './progress'
import { discardCanceled, type Given, settleDone, settleStopped } from './settle'
import { taskLogger } from './task-log'

/**
 * Does one delivered job: claims its task, runs the handler, and settles task and job in one
 * transaction. A job that is delivered again, or whose task has ended, is acknowledged unseen.
 */
export async function runTask(given: Given): Promise<void> {
  const { context, handler, job, running } = given
  if (!job.retryCount) return runOnce(given)
  const task = await context.db.task.findUnique({
    where: { id: job.data.taskId },
    select: { deaths: true },
  })
  const deaths = (task?.deaths ?? 0) + (isAfterDeath(job) ? 1 : 0)
  return amongSuspects({ running, deaths, kind: handler.kind }, () => runOnce(given))
}

/** What pg-boss leaves on a job whose worker fell silent. */
const isAfterDeath = ({ output }: Given['job']) =>
  (output as { value?: { message?: string } } | null)?.value?.message === 'job heartbeat timeout'

async function runOnce(given: Given): Promise<void> {
  const { context, handler, job } = given
  const task = await claimTask(context.db, {
    taskId: job.data.taskId,
    jobId: job.id,
    isAfterDeath: isAfterDeath(job),
  })
  if (!task) return discardCanceled(given)

  const claim = { taskId: task.id, claim: task.claim }
  const stop = new AbortController()
  const lines = taskLogger({ db: context.db, task })
  const progress = progressWriter({ db: context.db, claim, onRefused: (error) => stop.abort(error) })
  const payload = handler.kind.payload.safeParse(task.payload)
  const run: Run<unknown> = {
    taskId: task.id,
    kind: handler.kind,
    payload: payload.data,
    signal: stop.signal,
    log: lines.log,
    context,
    report: progress.report,
    write: (work) =>
      outlastDatabase(
        () =>
          context.db.$transaction(async (tx) => {
            await lockClaimed(tx, claim)
            return work(tx)
          }),
        stop.signal,
      ),
  }
  const release = given.running.add(claim, stop)
  lines.log.info('attempt started')
  try {
    const refusal = reasonToGiveUp(task, handler.kind)
    if (refusal) throw refusal
    // Asked for by another version: an attempt that fails, as any other.
    if (!payload.success) throw payload.error
    const outcome = await handler.run(run)
    await progress.stop()
    await outlastDatabase(() => settleDone(given, task, outcome))
    lines.log.info({ durationMs: Date.now() - task.startedAt!.getTime() }, 'task done')
  } catch (error) {
    await progress.stop()
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error
    await outlastDatabase(() => settleStopped(given, task, reason, lines.log))
  } finally {
    release()
    await lines.end()
  }
}
