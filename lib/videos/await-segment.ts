import * as messages from '@/lib/generated/messages/video-errors'
import { Semaphore } from '../concurrency/semaphore'
import { waitUntil } from '../concurrency/wait-until'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import { captionPartTask } from '../captions/tasks'
import { whereUnfinished } from '../tasks/queries'
import { segmentStartSeconds } from './ladder'
import { preferPartAt } from './prefer-part'
import { transcodeChunkTask, transcodeVideoTask } from './tasks'

/** Less than the time for which players wait for the first byte. */
const TIMEOUT_MS = 15_000
const INTERVAL_MS = 500
/** A player requests one or two segments at a time. */
const MAX_WAITING_PER_USER = 8

const waiting = new Semaphore(MAX_WAITING_PER_USER)

interface Options {
  video: { id: string; ownerId: string; durationSeconds: number | null }
  /** Of the rendition. */
  name: string
  index: number
  /** Aborted when the client disconnects. */
  signal: AbortSignal
}

/**
 * Resolves once a segment is stored, which is at once for most. If it is still to be encoded, its chunk and those after
 * it are encoded before the other chunks of the video: a viewer has reached it or sought to it. The same holds for captions.
 * @throws {AppError} video.segment_pending, to be retried, after 15 s; file.not_found if nothing will encode it
 */
export async function awaitSegment(db: Db, { video, name, index, signal }: Options) {
  const rendition = await db.rendition.findFirst({
    where: { videoId: video.id, name },
    select: { id: true, mode: true, segments: { where: { index }, select: { startSeconds: true } } },
  })
  const [stored] = rendition?.segments ?? []
  const seconds = stored?.startSeconds ?? segmentStartSeconds(index)
  await preferPartAt(db, { videoId: video.id, kind: captionPartTask.name, seconds })
  if (stored) return
  const isPlanned = rendition?.mode === 'encode' && seconds < (video.durationSeconds ?? 0)
  const transcode = isPlanned && (await findTranscode(db, video.id))
  if (!transcode) throw notFound('file')
  const release = waiting.tryAcquire(video.ownerId)
  if (!release) throw pendingError()
  try {
    await preferPartAt(db, { partOfId: transcode.id, kind: transcodeChunkTask.name, seconds })
    const isStored = async () => (await db.segment.count({ where: { renditionId: rendition.id, index } })) > 0
    if (await waitUntil(isStored, { intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS, signal })) return
    throw pendingError()
  } finally {
    release()
  }
}

const findTranscode = (db: Db, videoId: string) =>
  db.task.findFirst({
    where: { videoId, kind: transcodeVideoTask.name, ...whereUnfinished },
    select: { id: true },
  })

const pendingError = () =>
  new AppError({
    code: 'video.segment_pending',
    message: messages.segmentPending(),
    status: 503,
  })
