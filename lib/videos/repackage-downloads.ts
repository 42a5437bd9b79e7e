import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { enqueueTask } from '../tasks/enqueue'
import { hasOutdatedDownloads } from './current-downloads'
import { packageVideoTask } from './tasks'

/**
 * Enqueues the packaging of downloads that have other chapters than the video, unless a waiting task will read these. The
 * former files are served until then.
 */
export async function repackageDownloads(tx: Tx, boss: PgBoss, video: { id: string; ownerId: string }) {
  const { id: videoId, ownerId } = video
  // A claim that waits for this lock reads the chapters of this transaction.
  const waiting = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM task WHERE "videoId" = ${videoId}::uuid AND kind = ${packageVideoTask.name} AND state = 'queued'
    FOR NO KEY UPDATE SKIP LOCKED`
  if (waiting.length > 0) return
  const running = { videoId, kind: packageVideoTask.name, state: 'in_progress' } as const
  const isPackaging = (await tx.task.count({ where: running })) > 0
  if (!isPackaging && !(await hasOutdatedDownloads(tx, videoId))) return
  await enqueueTask(tx, boss, { kind: packageVideoTask, ownerId, subjectId: videoId, payload: { videoId } })
}
