import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { notifyTaskEnd } from './notify-task-end'
import type { TaskError } from './schema'
import { sendJob } from './enqueue'
import type { TaskState } from './state'

/** Starts what waited for a task that is now done. */
export async function startDependents(tx: Tx, boss: PgBoss, taskId: string) {
  const waiting = await tx.task.findMany({ where: { parentId: taskId, state: 'queued', jobId: null } })
  for (const task of waiting) {
    const withJob = await tx.task.update({
      where: { id: task.id },
      data: { jobId: randomUUID() },
    })
    await sendJob(tx, boss, withJob)
  }
}

/** Ends what waited for a task that will not be done, and what waited for that, with the same reason. */
export async function endDependents(
  tx: Tx,
  boss: PgBoss,
  options: { taskId: string; state: Extract<TaskState, 'failed' | 'canceled'>; error?: TaskError },
) {
  const waiting = await tx.task.findMany({
    where: { parentId: options.taskId, state: 'queued', jobId: null },
    select: { id: true },
  })
  for (const { id } of waiting) {
    await tx.task.update({
      where: { id },
      data: {
        state: options.state,
        error: options.error as Prisma.InputJsonValue | undefined,
        finishedAt: new Date(),
      },
    })
    await notifyTaskEnd(tx, boss, id)
    await endDependents(tx, boss, { ...options, taskId: id })
  }
}
