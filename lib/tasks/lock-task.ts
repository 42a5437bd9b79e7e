import type { Tx } from '../database/db'
import { notFound } from '../errors'
import type { Task } from '../generated/prisma/client'
import { lockParts } from './parts'
import { isOptionalKind } from './registry'
import type { TaskState } from './state'

/**
 * Locks a task, its ancestors and its parts until `tx` ends, topmost first: the order in which workers complete tasks, so
 * that none of them deadlock. For a part, locks and returns the task that it belongs to.
 * @throws {AppError} task.not_found if it does not exist or belongs to another user
 */
export async function lockTask(tx: Tx, { taskId, ownerId }: { taskId: string; ownerId: string }) {
  await tx.$queryRaw`
    WITH RECURSIVE chain AS (
      SELECT id, "parentId", 0 AS above FROM task
      WHERE id = (SELECT coalesce("partOfId", id) FROM task WHERE id = ${taskId}::uuid)
      UNION ALL
      SELECT task.id, task."parentId", above + 1 FROM task JOIN chain ON task.id = chain."parentId"
    )
    SELECT 1 FROM task JOIN chain USING (id) ORDER BY above DESC FOR UPDATE OF task`
  const requested = await tx.task.findFirst({ where: { id: taskId, ownerId }, include: { whole: true } })
  if (!requested) throw notFound('task')
  const { whole, ...task } = requested
  const locked = whole ?? task
  await lockParts(tx, [locked.id])
  return locked
}

/** Locks and returns the other children of the task's parent that are in one of `states`; none for an optional task. */
export async function lockSiblings(tx: Tx, task: Task, states: TaskState[]) {
  if (!task.parentId || isOptionalKind(task.kind)) return []
  await tx.$queryRaw`SELECT 1 FROM task WHERE "parentId" = ${task.parentId}::uuid ORDER BY id FOR UPDATE`
  const siblings = await tx.task.findMany({
    where: { parentId: task.parentId, id: { not: task.id }, state: { in: states } },
  })
  await lockParts(
    tx,
    siblings.map(({ id }) => id),
  )
  return siblings
}
