import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../../cluster/database-clock'
import type { Tx } from '../../database/db'
import type { Video } from '../../generated/prisma/client'
import { sendScheduleJob } from '../../schedules/commands'
import { type ChapterDto, selectChapters } from '../chapters'
import { destroyed } from '../describe-file'
import { clearDuplicates } from '../duplicates'
import { adjustTranscodeResult } from './adjust-result'
import { exchangeFiles } from './exchange-files'
import { returnEdits } from './return-edits'
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
 * Gives the trimmed files to a video. Captions and chapters are those of the whole file at this time, with the edits since an
 * earlier trim. The first time, the row that had the trimmed files keeps the whole one; afterwards it has the earlier trimmed
 * ones, and is destroyed. The caller has locked all of them. Returns the transcriptions that added tracks need.
 */
export async function swapTrim(tx: Tx, boss: PgBoss, { video, trimmed, whole, range }: Swap) {
  const requests = whole ? await returnEdits(tx, { video, whole }) : []
  const base = whole ? { ...whole, chaptersEditedAt: video.chaptersEditedAt } : video
  const { startSeconds, endSeconds } = range
  const times = { trimStartSeconds: startSeconds, trimEndSeconds: endSeconds }
  await copyShiftedCaptions(tx, { fromId: base.id, toId: trimmed.id, ...range })
  const chapters = await tx.chapter.findMany({ where: { videoId: base.id }, ...selectChapters })
  await replaceChapters(tx, { videoId: trimmed.id, chapters, range })
  await exchangeFiles(tx, video, { ...trimmed, chaptersEditedAt: base.chaptersEditedAt })
  await adjustTranscodeResult(tx, { videoId: video.id, range })
  await clearDuplicates(tx, video.id)
  await tx.video.update({ where: { id: video.id }, data: { posterTaskId: null, duplicateOfId: null } })
  if (whole) {
    await tx.video.update({ where: { id: whole.id }, data: times })
    await tx.video.update({ where: { id: trimmed.id }, data: destroyed() })
    await sendScheduleJob(tx, boss, 'videos.purge')
    return requests
  }
  await tx.video.update({
    where: { id: trimmed.id },
    data: {
      ...times,
      title: video.title,
      posterTaskId: video.posterTaskId,
      wholeOfId: video.id,
      replacesId: null,
      deletedAt: new Date(databaseTimeMs()),
      purgeAt: null,
    },
  })
  return requests
}

/** Replaces the chapters of the trimmed files by those of the whole one. */
export async function replaceChapters(
  tx: Tx,
  { videoId, chapters, range }: { videoId: string; chapters: readonly ChapterDto[]; range: TrimRange },
) {
  await tx.chapter.deleteMany({ where: { videoId } })
  await tx.chapter.createMany({
    data: shiftChapters(chapters, range).map((chapter, index) => ({ ...chapter, index, videoId })),
  })
}
