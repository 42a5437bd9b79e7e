import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { enqueueTask } from '../tasks/enqueue'
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
  const [{ isOutdated }] = await tx.$queryRaw<[{ isOutdated: boolean }]>`
    SELECT EXISTS (
      SELECT FROM rendition JOIN video ON video.id = "videoId" WHERE "videoId" = ${videoId}::uuid
        AND "downloadKey" IS NOT NULL AND "downloadChaptersAt" IS DISTINCT FROM "chaptersEditedAt"
    ) OR EXISTS (
      SELECT FROM task WHERE "videoId" = ${videoId}::uuid AND kind = ${packageVideoTask.name} AND state = 'in_progress'
    ) AS "isOutdated"`
  if (!isOutdated) return
  await enqueueTask(tx, boss, { kind: packageVideoTask, ownerId, subjectId: videoId, payload: { videoId } })
}
