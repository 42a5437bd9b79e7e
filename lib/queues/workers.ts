import type { Db } from '../database/db'
import type { WorkerBeat } from '../generated/prisma/client'
import { kindLabel } from '../tasks/registry'

interface RunningTaskRow {
  workerId: string
  taskId: string
  kind: string
  stage: string | null
  progress: number
  startedAt: Date
  email: string
}

/** Lists the workers with a heartbeat within the last minute, each with its running tasks. */
export async function listWorkers(db: Db) {
  const [workers, running] = await Promise.all([
    db.$queryRaw<WorkerBeat[]>`
      SELECT * FROM worker_beat WHERE "seenAt" > now() - interval '1 minute' ORDER BY "startedAt"`,
    db.$queryRaw<RunningTaskRow[]>`
      SELECT a."workerId", task.id AS "taskId", task.kind, task.stage, task.progress, a."startedAt", "user".email
      FROM task JOIN task_attempt a ON a."taskId" = task.id AND a.claim = task.claim
      JOIN "user" ON "user".id = task."ownerId" WHERE task.state = 'in_progress'
      ORDER BY a."startedAt" LIMIT 500`,
  ])
  return workers.map((worker) => ({
    id: worker.id,
    name: worker.hostname ? `${worker.hostname} · ${worker.pid}` : worker.id,
    seenAt: worker.seenAt.toISOString(),
    startedAt: worker.startedAt.toISOString(),
    work: running
      .filter(({ workerId }) => workerId === worker.id)
      .map((task) => ({ ...task, label: kindLabel(task.kind), startedAt: task.startedAt.toISOString() })),
  }))
}
export type WorkerOverview = Awaited<ReturnType<typeof listWorkers>>[number]
