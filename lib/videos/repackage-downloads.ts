import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { enqueueTask } from '../tasks/enqueue'
import { packageVideoTask } from './tasks'

/**
 * Enqueues the packaging of downloads that have other chapters, unless a waiting task will read the present ones. The
 * former files are served until then.
 */
export async function repackageDownloads(tx: Tx, boss: PgBoss, video: { id: string; ownerId: string }) {
  const { id: videoId, ownerId } = video
  // A claim that waits for this lock reads the chapters of this transaction.
  const waiting = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM task WHERE "videoId" = ${videoId}::uuid AND kind = ${packageVideoTask.name} AND state = 'queued'
    FOR NO KEY UPDATE SKIP LOCKED`
  if (waiting.length > 0) return
  const packaged = await tx.rendition.count({ where: { videoId, downloadKey: { not: null } } })
  const isRunning = { videoId, kind: packageVideoTask.name, state: 'in_progress' } as const
  if (packaged === 0 && (await tx.task.count({ where: isRunning })) === 0) return
  await enqueueTask(tx, boss, { kind: packageVideoTask, ownerId, subjectId: videoId, payload: { videoId } })
}
