import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/video-errors'
import type { Db } from '../database/db'
import { isConflict } from '../database/query-errors'
import { AppError, conflictError } from '../errors'
import { requireFolder } from '../folders/commands'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { createShare } from '../shares/commands'
import { findDefaultShare } from '../shares/queries'
import type { ShareDto } from '../shares/schema'
import { retryIfEnded } from '../tasks/commands'
import { notInternalKind } from '../tasks/registry'
import type { BulkChange, BulkResult } from './bulk-schema'
import { updateInFolder } from './commands'
import { listVideos } from './queries'
import { REPLACING_KINDS } from './replace-file'
import { requireVideo } from './require-video'
import { changeTags } from './tags'
import { transcodeVideoTask } from './tasks'
import { purgeVideo, restoreVideo, trashVideo } from './trash'

const MAX_PER_MINUTE = 60

interface Deps {
  db: Db
  boss: PgBoss
}

interface Target extends Deps {
  id: string
  ownerId: string
}

/**
 * Makes one change to many videos, each on its own: what fails for one video is its result. A change can be repeated.
 * @throws {AppError} rate.limited, folder.not_found
 */
export async function changeVideos(
  deps: Deps,
  { ownerId, change }: { ownerId: string; change: BulkChange },
): Promise<BulkResult> {
  await spendRateLimit(deps.db, { ownerId, action: 'videos.bulk', perMinute: MAX_PER_MINUTE })
  if (change.action === 'move' && change.folderId)
    await requireFolder(deps.db, { id: change.folderId, ownerId })
  const ids = [...new Set(change.ids)]
  const results: BulkResult['results'] = []
  for (const id of ids) results.push(await changeVideo({ ...deps, id, ownerId }, change))
  const { videos } = await listVideos(deps.db, { ownerId, ids, limit: ids.length })
  return { results, videos }
}

async function changeVideo(target: Target, change: BulkChange) {
  const { id } = target
  try {
    return { id, error: null, share: (await applyChange(target, change)) ?? null }
  } catch (thrown) {
    const error = isConflict(thrown) ? conflictError(thrown) : thrown
    if (!(error instanceof AppError)) throw error
    return { id, error: { code: error.code, message: error.message }, share: null }
  }
}

async function applyChange(target: Target, change: BulkChange): Promise<ShareDto | void> {
  const { db, id, ownerId } = target
  switch (change.action) {
    case 'delete':
      return trashVideo(target)
    case 'restore':
      return restoreVideo(target)
    case 'purge':
      return purgeVideo(target)
    case 'retry':
      return retryVideo(target)
    case 'share':
      return shareVideo(target)
    case 'move':
      return updateInFolder({ ...target, update: { folderId: change.folderId } })
    case 'tag':
      return changeTags(db, { id, ownerId, add: change.add, remove: change.remove })
  }
}

/** Retries the tasks of a video that failed, and its transcode also if it was canceled. @throws {AppError} video.not_failed */
async function retryVideo({ db, boss, id, ownerId }: Target) {
  await db.$transaction((tx) => requireVideo(tx, { id, ownerId }))
  const ended = await db.task.findMany({
    where: {
      videoId: id,
      OR: [
        // A trim is retried by itself: it may have been succeeded by another one.
        { state: 'failed', kind: notInternalKind(), NOT: { kind: { in: REPLACING_KINDS } } },
        { state: 'canceled', kind: transcodeVideoTask.name },
      ],
    },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  let retried = 0
  for (const { id: taskId } of ended)
    await db.$transaction(async (tx) => {
      if (await retryIfEnded(tx, { boss, taskId, ownerId })) retried++
      await requireVideo(tx, { id, ownerId })
    })
  if (retried > 0) return
  throw new AppError({ code: 'video.not_failed', message: messages.notFailed(), status: 409 })
}

/** @returns a link with default settings, a new one unless there is one that can be shown */
async function shareVideo({ db, id: videoId, ownerId }: Target) {
  await db.$transaction((tx) => requireVideo(tx, { id: videoId, ownerId }))
  const existing = await findDefaultShare(db, videoId)
  return existing?.url ? existing : createShare({ db, subject: { videoId }, ownerId, settings: {} })
}
