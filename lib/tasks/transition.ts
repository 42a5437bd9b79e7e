import { databaseTimeMs } from '../cluster/database-clock'
import type { Tx } from '../database/db'
import { Prisma, type Task } from '../generated/prisma/client'
import type { TaskDetail } from './schema'
import { settleDetail } from './settle-detail'
import { isFinished, statesBefore, type TaskState } from './state'

type TransitionData = Omit<Prisma.TaskUncheckedUpdateManyInput, 'state'>

/**
 * Moves a task to another state and writes `data` with it. Only this file writes `task.state`. Clears stage and
 * remaining time; a task that ends also gets `finishedAt` and a settled detail.
 * @returns the row as written; null if it does not match `where` or its state may not precede `to`
 */
export async function transitionTask(
  tx: Tx,
  {
    where,
    to,
    data,
  }: { where: Prisma.TaskWhereInput & { id: string }; to: TaskState; data?: TransitionData },
): Promise<Task | null> {
  const [task] = await tx.task.updateManyAndReturn({
    where: { AND: [where, { state: { in: statesBefore(to) } }] },
    data: { stage: null, etaSeconds: null, ...enteringData(to), ...data, state: to },
  })
  if (!task) return null
  return task.detail ? settleTaskDetail(tx, task) : task
}

/** Settles the detail of a task that has ended. @returns its row */
export async function settleTaskDetail(tx: Tx, task: Task): Promise<Task> {
  if (!isFinished(task.state)) return task
  const detail = settleDetail(task.detail as TaskDetail, task.state)
  return tx.task.update({ where: { id: task.id }, data: { detail: detail as Prisma.InputJsonValue } })
}

/** As `transitionTask`, for many tasks, without settling their details. Returns their previous rows. */
export async function transitionTasks(
  tx: Tx,
  { where, to }: { where: Prisma.TaskWhereInput; to: TaskState },
) {
  const tasks = await tx.task.findMany({ where: { AND: [where, { state: { in: statesBefore(to) } }] } })
  await tx.task.updateMany({
    where: { id: { in: tasks.map(({ id }) => id) } },
    data: { stage: null, etaSeconds: null, ...enteringData(to), state: to },
  })
  return tasks
}

function enteringData(to: TaskState): TransitionData {
  if (!isFinished(to)) return {}
  // Retention compares it by the clock of the database.
  const finishedAt = new Date(databaseTimeMs())
  return to === 'done' ? { finishedAt, progress: 1 } : { finishedAt }
}

/** As `transitionTask` to `in_progress`, for the statement that claims tasks. */
export const claimTransitionSql = {
  set: Prisma.sql`state = 'in_progress', stage = NULL, "etaSeconds" = NULL`,
  where: Prisma.sql`task.state::text IN (${Prisma.join(statesBefore('in_progress'))})`,
}

/** As `transitionTask` to `done`, for the statement that completes tasks, without settling their details. */
export const doneTransitionSql = {
  set: Prisma.sql`state = 'done', stage = NULL, "etaSeconds" = NULL, progress = 1, "finishedAt" = now() AT TIME ZONE 'UTC'`,
  where: Prisma.sql`task.state::text IN (${Prisma.join(statesBefore('done'))})`,
}
