import type { PgBoss } from 'pg-boss'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { touch } from '../database/touch'
import { notFound } from '../errors'
import { Prisma, type Task, type Video } from '../generated/prisma/client'
import { enqueueTask } from '../tasks/enqueue'
import { isFinished } from '../tasks/state'
import { mediaInfoSchema } from '../videos/media-info'
import { lockVideo } from '../videos/require-video'
import { captionsOffError, findRequestsWithoutTrack, transcribeAgain } from './request-captions'
import { captionVideoTask, type SkippedCaptions } from './tasks'

const BATCH_SIZE = 200

/** How many transcriptions a call has queued, and why not more. */
export interface RetranscriptionCounts {
  queued: number
  /** Transcriptions that wait or run already. */
  unfinished: number
  /** Videos without generated captions: they have no audio, or a user deleted them. */
  withoutCaptions: number
}

/**
 * Queues new transcriptions of all generated caption tracks, of one video or of all outside the trash, and first ones of videos that got no
 * captions because they were off. They wait for all other transcriptions. Tracks that a task generates already are left
 * alone, so a call can be repeated.
 * @throws {AppError} caption.off, video.not_found
 */
export async function retranscribeVideos(
  { db, boss }: { db: Db; boss: PgBoss },
  { videoId }: { videoId?: string } = {},
) {
  if (config().CAPTIONS === 'none') throw captionsOffError()
  const counts: RetranscriptionCounts = { queued: 0, unfinished: 0, withoutCaptions: 0 }
  let after: string | undefined
  for (;;) {
    const videos = await db.video.findMany({
      where: {
        id: { equals: videoId, gt: after },
        deletedAt: null,
        // A new file gets captions by tasks of its own, and a trimmed one those of the whole.
        replacesId: null,
        mediaInfo: { not: Prisma.DbNull },
      },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: BATCH_SIZE,
    })
    if (videoId && !after && videos.length === 0) throw notFound('video')
    for (const { id } of videos)
      addCounts(counts, await db.$transaction((tx) => retranscribeVideo(tx, boss, id)))
    if (videos.length < BATCH_SIZE) return counts
    after = videos.at(-1)!.id
  }
}

function addCounts(sum: RetranscriptionCounts, more: Partial<RetranscriptionCounts>) {
  for (const [name, count] of Object.entries(more)) sum[name as keyof RetranscriptionCounts] += count
}

async function retranscribeVideo(
  tx: Tx,
  boss: PgBoss,
  videoId: string,
): Promise<Partial<RetranscriptionCounts>> {
  const video = await lockVideo(tx, { id: videoId })
  // Deleted since it was listed.
  if (!video || video.deletedAt) return {}
  const tracks = await tx.caption.findMany({
    where: { videoId, source: 'speech' },
    include: { task: true },
    orderBy: { id: 'asc' },
  })
  const waiting = await findRequestsWithoutTrack(tx, videoId)
  const finished = tracks.filter(({ state }) => isFinished(state))
  for (const { task, ...track } of finished)
    await transcribeAgain(tx, boss, { track, language: requestedLanguage(task), isBackground: true })
  const unfinished = tracks.length - finished.length + waiting.length
  if (tracks.length > 0 || waiting.length > 0) return { queued: finished.length, unfinished }
  return (await queueFirstTranscription(tx, boss, video)) ? { queued: 1 } : { withoutCaptions: 1 }
}

/** The language that the user requested, or undefined to detect it. */
const requestedLanguage = (task: Task | null) =>
  task ? captionVideoTask.payload.safeParse(task.payload).data?.language : undefined

/** Queues the first transcription of a video, unless it has no audio or a user does not want its captions. */
async function queueFirstTranscription(tx: Tx, boss: PgBoss, video: Video) {
  const kind = captionVideoTask
  const { id: videoId, ownerId } = video
  if (mediaInfoSchema.parse(video.mediaInfo).audio.length === 0) return false
  const last = await tx.task.findFirst({ where: { videoId, kind: kind.name }, orderBy: { id: 'desc' } })
  // A transcription that was not skipped created a track, which is deleted.
  if (last?.state === 'canceled' || (last?.state === 'done' && !isSkipped(last.result))) return false
  const payload = { videoId, language: requestedLanguage(last), translate: false, isBackground: true }
  await enqueueTask(tx, boss, { kind, ownerId, subjectId: videoId, isBackground: true, payload })
  await touch(tx, 'video', { id: videoId })
  return true
}

const isSkipped = (result: unknown) => Boolean((result as Partial<SkippedCaptions> | null)?.reason)
