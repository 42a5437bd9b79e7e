import * as messages from '@/lib/generated/messages/video-errors'
import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import type { ChapterEdit } from './chapters'
import { repackageDownloads } from './repackage-downloads'
import { requireVideo } from './require-video'

interface Edit {
  db: Db
  boss: PgBoss
  id: string
  ownerId: string
  /** In any order. */
  chapters: readonly ChapterEdit[]
}

/**
 * Replaces the chapters of a video, and packages its downloads again. Each chapter ends where the next one starts, and the
 * last one with the video.
 * @throws {AppError} video.not_found, video.in_trash, video.not_inspected, chapter.out_of_range, chapter.same_start
 */
export const replaceChapters = ({ db, boss, id: videoId, ownerId, chapters }: Edit) =>
  db.$transaction(async (tx) => {
    const { durationSeconds, mediaInfo } = await requireVideo(tx, { id: videoId, ownerId })
    if (mediaInfo === null || durationSeconds === null) throw notInspectedError()
    const sorted = chapters.toSorted((a, b) => a.startSeconds - b.startSeconds)
    const rows = sorted.map(({ startSeconds, title }, index) => {
      const endSeconds = sorted[index + 1]?.startSeconds ?? durationSeconds
      if (endSeconds > durationSeconds || startSeconds >= durationSeconds)
        throw outOfRangeError(durationSeconds)
      if (startSeconds === endSeconds) throw sameStartError()
      return { videoId, index, startSeconds, endSeconds, title }
    })
    await tx.chapter.deleteMany({ where: { videoId } })
    await tx.chapter.createMany({ data: rows })
    // An inspection that ends later keeps them.
    await tx.video.update({ where: { id: videoId }, data: { chaptersEditedAt: new Date(databaseTimeMs()) } })
    await repackageDownloads(tx, boss, { id: videoId, ownerId })
  })

const notInspectedError = () =>
  new AppError({
    code: 'video.not_inspected',
    message: messages.chaptersNotInspected(),
    status: 409,
  })

const outOfRangeError = (durationSeconds: number) =>
  new AppError({
    code: 'chapter.out_of_range',
    message: messages.chapterOutOfRange({ seconds: durationSeconds }),
    status: 422,
  })

const sameStartError = () =>
  new AppError({
    code: 'chapter.same_start',
    message: messages.chapterSameStart(),
    status: 422,
  })
