import type { Tx } from '@/lib/database/db'
import * as errors from '@/lib/generated/messages/trim-errors'
import * as messages from '@/lib/generated/messages/trim-tasks'
import { PermanentError } from '@/lib/errors'
import { videoKeys } from '@/lib/storage/keys'
import { cancelIfUnfinished } from '@/lib/tasks/commands'
import { whereUnfinished } from '@/lib/tasks/queries'
import { kindLabel } from '@/lib/tasks/registry'
import { lockTasksOfVideo } from '@/lib/videos/lock-tasks-of-video'
import { lockVideo } from '@/lib/videos/require-video'
import { compressVideoTask, packageVideoTask, trimVideoTask, verifyVideoTask } from '@/lib/videos/tasks'
import { listCompressedCodecs, queueFollowUp } from '@/lib/videos/trim/follow-up'
import { isSuperseded, requestTranscriptions, settleSuperseded } from '@/lib/videos/trim/supersede-captions'
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

/** Kinds that start again with the trimmed file, and are not waited for. */
const OPTIONAL: string[] = [compressVideoTask.name, packageVideoTask.name, verifyVideoTask.name]

/**
 * Creates the trimmed files in the folder of a video of their own, and then gives them to the video. Each step skips what an
 * earlier run has stored.
 */
export const trimVideo: TaskHandler<typeof trimVideoTask> = {
  kind: trimVideoTask,
  async run(claimed) {
    const run = await forwards(claimed)
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
    run.report({
      stage,
      ...(progress !== undefined && { progress: from + (to - from) * Math.min(1, progress) }),
    }),
})

/** Reports progress that never returns, also after a run that was interrupted. */
async function forwards(run: TrimRun): Promise<TrimRun> {
  const { progress: reached } = await run.context.db.task.findUniqueOrThrow({
    where: { id: run.taskId },
    select: { progress: true },
  })
  let highest = reached
  return {
    ...run,
    report: ({ progress = highest, ...report }) =>
      run.report({ ...report, progress: (highest = Math.max(highest, progress)) }),
  }
}

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
 * Returns the unfinished other tasks of the video, if all of them may be canceled: they start again with the trimmed file.
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
  })
  const awaited = others.find((task) => !OPTIONAL.includes(task.kind) && !isSuperseded(task))
  if (!awaited) return others
  const stage = messages.waiting({ step: kindLabel(awaited.kind) })
  throw waitForTasks(trimmed, 'other tasks of the video are unfinished', stage)
}

async function exchange(
  run: TrimRun,
  tx: Tx,
  { boss, source }: { boss: TrimRun['context']['boss']; source: TrimSource },
) {
  const { videoId, trimmedId, startSeconds, endSeconds } = run.payload
  const range = { startSeconds, endSeconds }
  await lockTasksOfVideo(tx, videoId)
  const others = await requireIdle(tx, run, source)
  const codecs = await listCompressedCodecs(tx, videoId)
  for (const { id, ownerId } of others) await cancelIfUnfinished(tx, { boss, taskId: id, ownerId })
  const video = await lockVideo(tx, { id: videoId })
  const trimmed = await lockVideo(tx, { id: trimmedId })
  const row = await tx.video.findUnique({ where: { wholeOfId: videoId }, select: { id: true } })
  const whole = row && (await lockVideo(tx, row))
  if (!video || trimmed?.replacesId !== videoId || row?.id !== source.whole?.id) throw trimGone()
  // Captions may have been requested before the video was locked.
  const late = await requireIdle(tx, run, source)
  if (late.length > 0) throw waitForTasks(source.trimmed, 'tasks were queued for the whole file meanwhile')
  // The owner has changed the thumbnail meanwhile.
  if (video.posterKey !== source.video.posterKey)
    throw waitForTasks(source.trimmed, 'the thumbnail was changed')
  const superseded = await settleSuperseded(tx, { videoId, tasks: others })
  const added = await swapTrim(tx, boss, { video, trimmed, whole, range })
  const { ownerId } = video
  await requestTranscriptions(tx, boss, { videoId, ownerId, requests: [...superseded, ...added] })
  await queueFollowUp(tx, boss, { videoId, ownerId, codecs })
}

const trimGone = () =>
  new PermanentError({
    code: 'trim.discarded',
    message: errors.discarded(),
    advice: errors.discardedAdvice(),
  })
