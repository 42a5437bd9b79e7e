import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../../cluster/database-clock'
import type { Tx } from '../../database/db'
import type { Video } from '../../generated/prisma/client'
import { sendScheduleJob } from '../../schedules/commands'
import { selectChapters } from '../chapters'
import { destroyed } from '../describe-file'
import { clearDuplicates } from '../duplicates'
import { adjustTranscodeResult } from './adjust-result'
import { exchangeFiles } from './exchange-files'
import type { TrimRange } from './schema'
import { copyShiftedCaptions } from './shift-captions'
import { shiftChapters } from './shift-chapters'

interface Swap {
  video: Video
  /** Has the trimmed files. */
  trimmed: Video
  /** Has the whole file, if `video` is trimmed already. */
  whole: Video | null
  range: TrimRange
}

/**
 * Gives the trimmed files to a video. Captions and chapters are those of the whole file at this time. The first time, the row
 * that had the trimmed files keeps the whole one; afterwards it has the earlier trimmed ones, and is destroyed. The caller has
 * locked all of them.
 */
export async function swapTrim(tx: Tx, boss: PgBoss, { video, trimmed, whole, range }: Swap) {
  const base = whole ?? video
  const { startSeconds, endSeconds } = range
  const times = { trimStartSeconds: startSeconds, trimEndSeconds: endSeconds }
  await copyShiftedCaptions(tx, { fromId: base.id, toId: trimmed.id, ...range })
  await replaceChapters(tx, { fromId: base.id, toId: trimmed.id, range })
  await exchangeFiles(tx, video, { ...trimmed, chaptersEditedAt: base.chaptersEditedAt })
  await adjustTranscodeResult(tx, { videoId: video.id, range })
  await clearDuplicates(tx, video.id)
  await tx.video.update({ where: { id: video.id }, data: { posterTaskId: null, duplicateOfId: null } })
  if (whole) {
    await tx.video.update({ where: { id: whole.id }, data: times })
    await tx.video.update({ where: { id: trimmed.id }, data: destroyed() })
    await sendScheduleJob(tx, boss, 'videos.purge')
    return
  }
  await tx.video.update({
    where: { id: trimmed.id },
    data: {
      ...times,
      title: video.title,
      wholeOfId: video.id,
      replacesId: null,
      deletedAt: new Date(databaseTimeMs()),
      purgeAt: null,
    },
  })
}

/** Replaces the chapters of the trimmed files by those of the whole one. */
export async function replaceChapters(
  tx: Tx,
  { fromId, toId, range }: { fromId: string; toId: string; range: TrimRange },
) {
  const chapters = await tx.chapter.findMany({ where: { videoId: fromId }, ...selectChapters })
  await tx.chapter.deleteMany({ where: { videoId: toId } })
  await tx.chapter.createMany({
    data: shiftChapters(chapters, range).map((chapter, index) => ({ ...chapter, index, videoId: toId })),
  })
}
