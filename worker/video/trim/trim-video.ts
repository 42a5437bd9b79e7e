import type { Tx } from '@/lib/database/db'
import * as errors from '@/lib/generated/messages/trim-errors'
import * as messages from '@/lib/generated/messages/trim-tasks'
import { PermanentError, RetryLater } from '@/lib/errors'
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
import { keepPoster } from './keep-poster'
import { storeTrimmedFile } from './store-trimmed-file'
import { trimRenditions } from './trim-renditions'
import type { TrimRun, TrimSource } from './trim-run'

/** Between two looks at whether other tasks of the video have ended. */
const PAUSE_MS = 2_000

/**
 * Creates the trimmed files in the folder of a video of their own, and then gives them to the video. Each step skips what an
 * earlier run has stored.
 */
export const trimVideo: TaskHandler<typeof trimVideoTask> = {
  kind: trimVideoTask,
  async run(run) {
    const { boss } = run.context
    const source = await loadSource(run)
    await trimRenditions(scaled(run, 0, 0.5), source)
    await storeTrimmedFile(scaled(run, 0.5, 0.6), source)
    const ofTrimmed = { payload: { videoId: run.payload.trimmedId } }
    await packageVideo.run({ ...scaled(run, 0.6, 0.8), ...ofTrimmed })
    await keepPoster(run, source)
    const images = await generateThumbnails.run({ ...scaled(run, 0.8, 0.95), ...ofTrimmed })
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
  return { video, whole, base: whole ?? video }
}

async function exchange(
  run: TrimRun,
  tx: Tx,
  { boss, source }: { boss: TrimRun['context']['boss']; source: TrimSource },
) {
  const { videoId, trimmedId, ...range } = run.payload
  await lockTasksOfVideo(tx, videoId)
  const others = await tx.task.findMany({
    where: { videoId, id: { not: run.taskId }, partOfId: null, ...whereUnfinished },
    orderBy: { id: 'asc' },
    select: { id: true, kind: true, ownerId: true },
  })
  const isOptional = ({ kind }: { kind: string }) =>
    kind === compressVideoTask.name || kind === verifyVideoTask.name
  // What they create, such as a translation, belongs to the whole file too.
  if (!others.every(isOptional)) throw new RetryLater(PAUSE_MS, 'other tasks of the video are unfinished')
  for (const { id, ownerId } of others) await cancelIfUnfinished(tx, { boss, taskId: id, ownerId })
  const video = await lockVideo(tx, { id: videoId })
  const trimmed = await lockVideo(tx, { id: trimmedId })
  const row = await tx.video.findUnique({ where: { wholeOfId: videoId }, select: { id: true } })
  const whole = row && (await lockVideo(tx, row))
  if (!video || trimmed?.replacesId !== videoId || row?.id !== source.whole?.id) throw trimGone()
  // The owner has changed the thumbnail meanwhile.
  if (video.posterKey !== source.video.posterKey) throw new RetryLater(PAUSE_MS, 'the thumbnail was changed')
  await swapTrim(tx, boss, { video, trimmed, whole, range })
}

const trimGone = () =>
  new PermanentError({
    code: 'trim.discarded',
    message: errors.discarded(),
    advice: errors.discardedAdvice(),
  })
