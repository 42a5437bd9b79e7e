import type { Tx } from '@/lib/database/db'
import * as errors from '@/lib/generated/messages/trim-errors'
import * as messages from '@/lib/generated/messages/trim-tasks'
import { PermanentError } from '@/lib/errors'
import { videoKeys } from '@/lib/storage/keys'
import { cancelIfUnfinished } from '@/lib/tasks/commands'
import { whereUnfinished } from '@/lib/tasks/queries'
import { lockTasksOfVideo } from '@/lib/videos/lock-tasks-of-video'
import { lockVideo } from '@/lib/videos/require-video'
import { compressVideoTask, trimVideoTask, verifyVideoTask } from '@/lib/videos/tasks'
import { swapTrim } from '@/lib/videos/trim/swap-trim'
import { loadVideo } from '../../media/load-video'
import type { TaskHandler } from '../../runtime/handler'
import { generateThumbnails } from '../generate-thumbnails'
import { packageVideo } from '../package-video'
import { waitForTasks } from '../wait-for-tasks'
import { keepPoster } from './keep-poster'
import { storeTrimmedFile } from './store-trimmed-file'
import { trimRenditions } from './trim-renditions'
import type { TrimRun, TrimSource } from './trim-run'

/** Kinds that end with the whole file, and are not waited for. */
const OPTIONAL: string[] = [compressVideoTask.name, verifyVideoTask.name]

/**
 * Creates the trimmed files in the folder of a video of their own, and then gives them to the video. Each step skips what an
 * earlier run has stored.
 */
export const trimVideo: TaskHandler<typeof trimVideoTask> = {
  kind: trimVideoTask,
  async run(run) {
    const { boss } = run.context
    const source = await loadSource(run)
    const ofTrimmed = { payload: { videoId: run.payload.trimmedId } }
    // Counted last: an earlier run has stored everything, and waited. Only the poster may have been changed meanwhile.
    const isStored = source.trimmed.imageBytes !== null
    if (isStored) await requireIdle(run.context.db, run, source)
    else {
      await trimRenditions(scaled(run, 0, 0.5), source)
      await storeTrimmedFile(scaled(run, 0.5, 0.6), source)
      await packageVideo.run({ ...scaled(run, 0.6, 0.8), ...ofTrimmed })
    }
    await keepPoster(run, source)
    const ofImages = isStored ? scaled(run, 0.98, 0.98) : scaled(run, 0.8, 0.95)
    const images = await generateThumbnails.run({ ...ofImages, ...ofTrimmed })
    if ('store' in images) await run.write(images.store!)
    run.report({ stage: messages.exchanging(), progress: 0.98 })
    return {
      result: { startSeconds: run.payload.startSeconds, endSeconds: run.payload.endSeconds },
      store: (tx) => exchange(run, tx, { boss, source }),
    }
  },

  async discard({ payload: { videoId, trimmedId }, context: { db, storage } }) {
    const inUse = { OR: [{ id: trimmedId }, { filesId: trimmedId }] }
    if ((await db.video.count({ where: inUse })) === 0) await storage.removeAll(videoKeys(trimmedId).folder)
    if ((await db.video.count({ where: { id: videoId } })) === 0)
      await storage.removeAll(videoKeys(videoId).folder)
  },
}

/** Reports the progress of a step as a part of the whole. */
const scaled = (run: TrimRun, from: number, to: number): TrimRun => ({
  ...run,
  report: ({ stage, progress }) =>
    run.report({ stage, progress: from + (to - from) * Math.min(1, progress ?? 0) }),
})

async function loadSource(run: TrimRun): Promise<TrimSource> {
  const { db } = run.context
  const { videoId, trimmedId } = run.payload
  const { video } = await loadVideo(run)
  const trimmed = await db.video.findUnique({ where: { id: trimmedId } })
  if (trimmed?.replacesId !== videoId) throw trimGone()
  const whole = await db.video.findUnique({ where: { wholeOfId: videoId } })
  return { video, whole, base: whole ?? video, trimmed }
}

/**
 * Returns the unfinished other tasks of the video, if all of them may be canceled. Those that the others create, such as a
 * translation, belong to the whole file too.
 * @throws {RetryLater} otherwise
 */
async function requireIdle(
  db: Pick<Tx, 'task'>,
  { taskId, payload }: Pick<TrimRun, 'taskId' | 'payload'>,
  { trimmed }: TrimSource,
) {
  const others = await db.task.findMany({
    where: { videoId: payload.videoId, id: { not: taskId }, partOfId: null, ...whereUnfinished },
    orderBy: { id: 'asc' },
    select: { id: true, kind: true, ownerId: true },
  })
  if (others.every(({ kind }) => OPTIONAL.includes(kind))) return others
  throw waitForTasks(trimmed, 'other tasks of the video are unfinished')
}

async function exchange(
  run: TrimRun,
  tx: Tx,
  { boss, source }: { boss: TrimRun['context']['boss']; source: TrimSource },
) {
  const { videoId, trimmedId, ...range } = run.payload
  await lockTasksOfVideo(tx, videoId)
  const others = await requireIdle(tx, run, source)
  for (const { id, ownerId } of others) await cancelIfUnfinished(tx, { boss, taskId: id, ownerId })
  const video = await lockVideo(tx, { id: videoId })
  const trimmed = await lockVideo(tx, { id: trimmedId })
  const row = await tx.video.findUnique({ where: { wholeOfId: videoId }, select: { id: true } })
  const whole = row && (await lockVideo(tx, row))
  if (!video || trimmed?.replacesId !== videoId || row?.id !== source.whole?.id) throw trimGone()
  // Captions may have been requested before the video was locked.
  await requireIdle(tx, run, source)
  // The owner has changed the thumbnail meanwhile.
  if (video.posterKey !== source.video.posterKey)
    throw waitForTasks(source.trimmed, 'the thumbnail was changed')
  await swapTrim(tx, boss, { video, trimmed, whole, range })
}

const trimGone = () =>
  new PermanentError({
    code: 'trim.discarded',
    message: errors.discarded(),
    advice: errors.discardedAdvice(),
  })
