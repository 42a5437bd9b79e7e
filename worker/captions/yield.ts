import { captionVideoTask } from '@/lib/captions/tasks'
import { RetryLater } from '@/lib/errors'
import type { TaskRun } from '../runtime/handler'

/** Time after which a task yields to tasks that have themselves yielded before (decision 0032). */
const TIME_SLICE_MS = 60_000
/** With less than this remaining, finishing is faster than resuming later. */
const NEARLY_DONE_SECONDS = 60

/**
 * Whether a transcription should yield after a chunk: at once to one that has never started, and after its time slice
 * to one that has yielded before.
 */
export async function shouldYield(options: {
  run: Pick<TaskRun<unknown>, 'context' | 'taskId'>
  startedAt: number
  leftSeconds: number
}) {
  if (options.leftSeconds < NEARLY_DONE_SECONDS) return false
  const isSliceUsed = Date.now() - options.startedAt > TIME_SLICE_MS
  const waiting = await options.run.context.db.task.findFirst({
    where: {
      kind: captionVideoTask.name,
      state: 'queued',
      jobId: { not: null },
      id: { not: options.run.taskId },
      ...(isSliceUsed ? {} : { startedAt: null }),
    },
    select: { id: true },
  })
  return waiting !== null
}

/** Moves the task to the end of the queue by clearing its round (decision 0009). @throws {RetryLater} always */
export async function yieldToOthers(run: Pick<TaskRun<unknown>, 'write' | 'taskId'>): Promise<never> {
  await run.write((tx) => tx.task.update({ where: { id: run.taskId }, data: { round: null } }))
  throw new RetryLater(0, 'other transcriptions are waiting')
}
