import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/trim-errors'
import type { Db, Tx } from '../../database/db'
import { touch } from '../../database/touch'
import { AppError, conflictError } from '../../errors'
import { sendScheduleJob } from '../../schedules/commands'
import type { Storage } from '../../storage/storage'
import { cancelIfUnfinished } from '../../tasks/commands'
import { whereUnfinished } from '../../tasks/queries'
import { destroyed } from '../describe-file'
import { clearDuplicates } from '../duplicates'
import { lockTasksOfVideo } from '../lock-tasks-of-video'
import { repackageDownloads } from '../repackage-downloads'
import { lockVideo, requireVideo } from '../require-video'
import { replaceFileTask } from '../tasks'
import { adjustTranscodeResult, forgetWholeResult } from './adjust-result'
import { exchangeFiles } from './exchange-files'
import { cancelTrims } from './cancel-trims'
import { listCompressedCodecs, queueFollowUp } from './follow-up'
import { returnEdits } from './return-edits'
import { copyChosenPicture, returnPoster } from './return-poster'
import { requestTranscriptions, settleSuperseded } from './supersede-captions'

interface Target {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
}

/**
 * Makes the whole file that of a trimmed video again, at once, with the edits of captions, chapters and thumbnail since. The trimmed
 * files are destroyed. What workers still do with them, such as captions, is canceled, and starts again with the whole file.
 * @throws {AppError} video.not_found, video.in_trash, trim.not_trimmed, request.conflict
 */
export async function restoreWhole({ db, boss, storage, id, ownerId }: Target & { storage: Storage }) {
  const picture = await copyChosenPicture({ db, storage }, { id, ownerId })
  await db.$transaction(async (tx) => {
    await lockTasksOfVideo(tx, id)
    const codecs = await listCompressedCodecs(tx, id)
    const canceled = await cancelOthers(tx, boss, { id, ownerId })
    const { video, whole } = await lockTrimmed(tx, boss, { id, ownerId })
    if ((await tx.task.count({ where: ofFile(id) })) > 0)
      throw conflictError(new Error('tasks were queued for the trimmed file meanwhile'))
    const superseded = await settleSuperseded(tx, { videoId: id, tasks: canceled })
    const added = await returnEdits(tx, { video, whole })
    await exchangeFiles(tx, video, { ...whole, chaptersEditedAt: video.chaptersEditedAt })
    await adjustTranscodeResult(tx, { videoId: id, range: null })
    await clearDuplicates(tx, id)
    await destroyWhole(tx, boss, whole.id)
    await returnPoster(tx, boss, { video, whole, picture })
    await requestTranscriptions(tx, boss, { videoId: id, ownerId, requests: [...superseded, ...added] })
    await queueFollowUp(tx, boss, { videoId: id, ownerId, codecs })
    await repackageDownloads(tx, boss, { id, ownerId })
  })
}

/**
 * Destroys the whole file of a trimmed video, which then cannot be restored any more.
 * @throws {AppError} video.not_found, video.in_trash, trim.not_trimmed
 */
export const discardWhole = ({ db, boss, id, ownerId }: Target) =>
  db.$transaction(async (tx) => {
    const { whole } = await lockTrimmed(tx, boss, { id, ownerId })
    await destroyWhole(tx, boss, whole.id)
    await forgetWholeResult(tx, id)
    await touch(tx, 'video', { id })
  })

/** The unfinished tasks about the present file of a video: all but one that replaces it. */
const ofFile = (videoId: string) => ({
  videoId,
  partOfId: null,
  kind: { not: replaceFileTask.name },
  ...whereUnfinished,
})

async function cancelOthers(tx: Tx, boss: PgBoss, { id, ownerId }: { id: string; ownerId: string }) {
  const unfinished = await tx.task.findMany({ where: { ...ofFile(id), ownerId }, orderBy: { id: 'asc' } })
  for (const task of unfinished) await cancelIfUnfinished(tx, { boss, taskId: task.id, ownerId })
  return unfinished
}

async function lockTrimmed(tx: Tx, boss: PgBoss, target: { id: string; ownerId: string }) {
  await lockTasksOfVideo(tx, target.id)
  await cancelTrims(tx, boss, target)
  const video = await requireVideo(tx, target)
  const row = await tx.video.findUnique({ where: { wholeOfId: target.id }, select: { id: true } })
  const whole = row && (await lockVideo(tx, row))
  if (!whole) throw notTrimmedError()
  return { video, whole }
}

/** Has the files of a whole video, or what it holds instead, destroyed. */
async function destroyWhole(tx: Tx, boss: PgBoss, id: string) {
  await tx.video.update({ where: { id }, data: destroyed() })
  await sendScheduleJob(tx, boss, 'videos.purge')
}

const notTrimmedError = () =>
  new AppError({
    code: 'trim.not_trimmed',
    message: messages.notTrimmed(),
    status: 409,
  })
