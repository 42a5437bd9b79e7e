import { RetryLater } from '@/lib/errors'
import type { TaskRun } from './handler'

/** Time after which a task yields to tasks that have themselves run before (decision 0032). */
export const TIME_SLICE_MS = 60_000

interface Options {
  run: Pick<TaskRun<unknown>, 'context' | 'taskId' | 'kind'>
  /** Whether only tasks count that have never run. */
  isUnstarted: boolean
}

/**
 * Whether another task of the same kind and at least the same priority waits for a slot of its queue now. False for a paused queue, in which neither
 * task would continue.
 */
export async function isAwaited({ run, isUnstarted }: Options) {
  const queue = run.kind.name
  const [row] = await run.context.db.$queryRaw<{ isAwaited: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM task WHERE queue = ${queue} AND state = 'queued' AND "jobId" IS NOT NULL
        AND id <> ${run.taskId}::uuid
        AND priority >= (SELECT priority FROM task self WHERE self.id = ${run.taskId}::uuid)
        -- By the clock of the database. Later: it waits for its next attempt.
        AND "queuedAt" <= now() AT TIME ZONE 'UTC' AND ("startedAt" IS NULL OR NOT ${isUnstarted})
    ) AND NOT EXISTS (
      SELECT 1 FROM queue_control WHERE queue = ${queue} AND "pausedAt" IS NOT NULL
    ) AS "isAwaited"`
  return row!.isAwaited
}

/** Moves the task to the end of the queue by clearing its round (decision 0009). @throws {RetryLater} always */
export async function yieldToOthers(run: Pick<TaskRun<unknown>, 'write' | 'taskId' | 'log'>): Promise<never> {
  run.log.info('yielding to a waiting task; continues afterwards')
  await run.write((tx) => tx.task.update({ where: { id: run.taskId }, data: { round: null } }))
  throw new RetryLater(0, 'other tasks are waiting')
}
