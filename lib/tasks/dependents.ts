import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { sendJob } from './enqueue'
import { notifyTaskEnd } from './notify-task-end'
import type { TaskError } from './schema'
import type { EndState } from './state'
import { transitionTask } from './transition'

/** Enqueues the tasks that waited for a task that is now done. */
export async function startDependents(tx: Tx, boss: PgBoss, taskId: string) {
  const waiting = await tx.task.findMany({ where: { parentId: taskId, state: 'queued', jobId: null } })
  for (const task of waiting) {
    const withJob = await tx.task.update({ where: { id: task.id }, data: { jobId: randomUUID() } })
    await sendJob(tx, boss, { task: withJob })
  }
}

/** Ends the tasks that waited for a failed or canceled task, and their dependents, with the same error. */
export async function endDependents(
  tx: Tx,
  boss: PgBoss,
  options: { taskId: string; state: Exclude<EndState, 'done'>; error?: TaskError },
) {
  const waiting = await tx.task.findMany({
    where: { parentId: options.taskId, state: 'queued', jobId: null },
    select: { id: true },
  })
  for (const { id } of waiting) {
    const data = { error: options.error as Prisma.InputJsonValue | undefined }
    if (!(await transitionTask(tx, { where: { id }, to: options.state, data }))) continue
    await notifyTaskEnd(tx, boss, id)
    await endDependents(tx, boss, { ...options, taskId: id })
  }
}
