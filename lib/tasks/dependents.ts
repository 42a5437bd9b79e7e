import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { prepared } from '../database/prepared-statements'
import type { Prisma } from '../generated/prisma/client'
import { sendJobs } from './enqueue'
import { notifyTaskEnd } from './notify-task-end'
import type { TaskError } from './schema'
import type { EndState } from './state'
import { transitionTask } from './transition'

/** Enqueues the tasks that waited for tasks that are now done. */
export async function startDependents(tx: Tx, boss: PgBoss, taskIds: readonly string[]) {
  const tasks = await tx.$queryRaw<{ id: string; queue: string }[]>`
    ${prepared} WITH waiting AS (
      SELECT id FROM task WHERE "parentId" = ANY(${taskIds}::uuid[]) AND state = 'queued' AND "jobId" IS NULL
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE task SET "jobId" = gen_random_uuid() FROM waiting WHERE task.id = waiting.id RETURNING task.id, task.queue`
  await sendJobs(tx, boss, { tasks })
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
