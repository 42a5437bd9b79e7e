import { captionVideoTask } from '@/lib/captions/tasks'
import { RetryLater } from '@/lib/errors'
import type { TaskRun } from '../runtime/handler'

/** Who has waited already is waited for no longer than this; see decision 0032. */
const TIME_SLICE_MS = 60_000
/** So little is left that it is done sooner than it is taken up again. */
const NEARLY_DONE_SECONDS = 60

/**
 * Whether a video that is listened to should let others in, after a stretch: at once for one that nobody has
 * listened to yet, after a minute for one that yielded before.
 */
export async function shouldYield(of: {
  run: Pick<TaskRun<unknown>, 'context' | 'taskId'>
  startedAt: number
  leftSeconds: number
}) {
  if (of.leftSeconds < NEARLY_DONE_SECONDS) return false
  const isLong = Date.now() - of.startedAt > TIME_SLICE_MS
  const waiting = await of.run.context.db.task.findFirst({
    where: {
      kind: captionVideoTask.name,
      state: 'queued',
      jobId: { not: null },
      id: { not: of.run.taskId },
      ...(isLong ? {} : { startedAt: null }),
    },
    select: { id: true },
  })
  return waiting !== null
}

/** Behind those who wait: without a round the task gets a new one (decision 0009). @throws {RetryLater} always */
export async function yieldToOthers(run: Pick<TaskRun<unknown>, 'write' | 'taskId'>): Promise<never> {
  await run.write((tx) => tx.task.update({ where: { id: run.taskId }, data: { round: null } }))
  throw new RetryLater(0, 'others wait')
}
