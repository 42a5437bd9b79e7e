import type { Tx } from '@/lib/database/db'
import { lockParts, lockWhole } from '@/lib/tasks/parts'
import { ClaimLost } from '../runtime/claim'
import type { TaskRun } from '../runtime/handler'

/**
 * Changes the task that a running task is a part of, with all of its parts locked, in a way that cancels the running one. Does
 * nothing if that has ended meanwhile.
 * @throws {ClaimLost} always
 */
export async function replaceWhole(
  { taskId, context }: Pick<TaskRun<unknown>, 'taskId' | 'context'>,
  change: (tx: Tx, wholeId: string) => Promise<void>,
): Promise<never> {
  await context.db.$transaction(async (tx) => {
    const { partOfId } = await tx.task.findUniqueOrThrow({ where: { id: taskId } })
    await lockWhole(tx, partOfId!)
    await lockParts(tx, [partOfId!])
    const isRunning = await tx.task.count({ where: { id: taskId, state: 'in_progress' } })
    if (isRunning > 0) await change(tx, partOfId!)
  })
  throw new ClaimLost()
}
