import type { PgBoss } from 'pg-boss'
import type { Tx } from '../../database/db'
import { cancelIfUnfinished } from '../../tasks/commands'
import { whereUnfinished } from '../../tasks/queries'
import { trimVideoTask } from '../tasks'

/** Cancels the unfinished trims of a video, whose tasks are locked. */
export async function cancelTrims(tx: Tx, boss: PgBoss, { id, ownerId }: { id: string; ownerId: string }) {
  const unfinished = await tx.task.findMany({
    where: { videoId: id, ownerId, kind: trimVideoTask.name, ...whereUnfinished },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  for (const task of unfinished) await cancelIfUnfinished(tx, { boss, taskId: task.id, ownerId })
}
