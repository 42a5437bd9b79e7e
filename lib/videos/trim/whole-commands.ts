import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/trim-errors'
import type { Db, Tx } from '../../database/db'
import { touch } from '../../database/touch'
import { AppError } from '../../errors'
import { sendScheduleJob } from '../../schedules/commands'
import { destroyed } from '../describe-file'
import { clearDuplicates } from '../duplicates'
import { lockTasksOfVideo } from '../lock-tasks-of-video'
import { lockVideo, requireVideo } from '../require-video'
import { adjustTranscodeResult } from './adjust-result'
import { exchangeFiles } from './exchange-files'
import { cancelTrims } from './request-trim'

interface Target {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
}

/**
 * Makes the whole file that of a trimmed video again, with its captions and chapters, at once. The trimmed files are destroyed.
 * @throws {AppError} video.not_found, video.in_trash, trim.not_trimmed
 */
export const restoreWhole = ({ db, boss, id, ownerId }: Target) =>
  db.$transaction(async (tx) => {
    const { video, whole } = await lockTrimmed(tx, boss, { id, ownerId })
    await exchangeFiles(tx, video, whole)
    await adjustTranscodeResult(tx, { videoId: id, range: null })
    await clearDuplicates(tx, id)
    await destroyWhole(tx, boss, whole.id)
  })

/**
 * Destroys the whole file of a trimmed video, which then cannot be restored any more.
 * @throws {AppError} video.not_found, video.in_trash, trim.not_trimmed
 */
export const discardWhole = ({ db, boss, id, ownerId }: Target) =>
  db.$transaction(async (tx) => {
    const { whole } = await lockTrimmed(tx, boss, { id, ownerId })
    await destroyWhole(tx, boss, whole.id)
    await touch(tx, 'video', { id })
  })

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
