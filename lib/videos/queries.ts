import * as messages from '@/lib/generated/messages/video-errors'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { escapePattern } from '../database/escape-pattern'
import { queryDirectly } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { AppError, notFound } from '../errors'
import { Prisma } from '../generated/prisma/client'
import type { VideoFilter, VideoListState, VideoSort } from './schema'
import { selectChapters } from './chapters'
import { transcodeVideoTask } from './tasks'
import { readVideoParts } from './read-video-parts'
import { toVideoDetailsDto, toVideoDto, type VideoRow } from './to-video-dto'

/** What videos are sorted by, then by id: descending for the newest ones, ascending for all others. */
const SORT_KEYS: Record<VideoSort, Prisma.Sql> = {
  newest: Prisma.sql`"createdAt"`,
  oldest: Prisma.sql`"createdAt"`,
  title: Prisma.sql`title`,
  longest: Prisma.sql`-coalesce("durationSeconds", -1)`,
  largest: Prisma.sql`-"sizeBytes"`,
}

/**
 * Lists a page of videos; 50, newest first, by default. With `ids`, whether they are in the trash or not.
 * @throws {AppError} videos.cursor_gone
 */
export async function listVideos(db: Db, filter: VideoFilter) {
  const limit = filter.limit ?? 50
  const { ownerId, ids, search, deleted = false, sort = 'newest', cursor, folder, tags, state } = filter
  const key = SORT_KEYS[sort]
  const isDescending = sort === 'newest'
  if (cursor) await assertCursor(db, { id: cursor, ownerId })
  const conditions = [
    Prisma.sql`"ownerId" = ${ownerId}`,
    Prisma.sql`"replacesId" IS NULL`,
    Prisma.sql`"wholeOfId" IS NULL`,
    ids ? Prisma.sql`id = ANY(${ids}::uuid[])` : deleted ? IN_TRASH : Prisma.sql`"deletedAt" IS NULL`,
    ...(search ? [Prisma.sql`title ILIKE ${`%${escapePattern(search)}%`}`] : []),
    ...(folder
      ? [folder === 'none' ? Prisma.sql`"folderId" IS NULL` : Prisma.sql`"folderId" = ${folder}::uuid`]
      : []),
    ...(tags?.length ? [Prisma.sql`tags @> ${tags}::text[]`] : []),
    ...(state ? [Prisma.sql`${TRANSCODE_STATE} IN (${STATES[state]})`] : []),
    // After the last video of the previous page, even if that one no longer matches the filter.
    ...(cursor
      ? [
          Prisma.sql`(${key}, id) ${isDescending ? LESS : GREATER} (SELECT ${key}, id FROM video WHERE id = ${cursor}::uuid)`,
        ]
      : []),
  ]
  const rows = await queryDirectly<VideoRow>(
    db,
    Prisma.sql`
      ${prepared} SELECT id, title, "folderId", tags, filename, "sizeBytes", sha256, "isCut", "duplicateOfId", "durationSeconds", width, height, "hasVideo", "hasCover",
        "posterKey", "posterSource", "storyboardKey", version, "createdAt", "deletedAt", "purgeAt"
      FROM video WHERE ${Prisma.join(conditions, ' AND ')}
      ORDER BY ${isDescending ? Prisma.sql`${key} DESC, id DESC` : Prisma.sql`${key}, id`} LIMIT ${limit + 1}`,
  )
  const page = rows.slice(0, limit)
  const partsOf = await readVideoParts(db, page)
  return {
    videos: page.map((row) => toVideoDto(row, partsOf(row.id))),
    nextCursor: rows.length > limit ? page.at(-1)!.id : null,
  }
}

/** Without those that are about to be destroyed. */
const IN_TRASH = Prisma.sql`"purgeAt" > now() AT TIME ZONE 'UTC'`
/** As in `toVideoDto`. */
const TRANSCODE_STATE = Prisma.sql`coalesce((SELECT state::text FROM task
  WHERE "videoId" = video.id AND kind = ${transcodeVideoTask.name} ORDER BY id DESC LIMIT 1), 'queued')`
const STATES: Record<VideoListState, Prisma.Sql> = {
  unfinished: Prisma.sql`'queued', 'in_progress'`,
  done: Prisma.sql`'done'`,
  failed: Prisma.sql`'failed'`,
  canceled: Prisma.sql`'canceled'`,
}
const LESS = Prisma.raw('<')
const GREATER = Prisma.raw('>')

async function assertCursor(db: Db, where: { id: string; ownerId: string }) {
  if (await db.video.findFirst({ where, select: { id: true } })) return
  throw new AppError({
    code: 'videos.cursor_gone',
    message: messages.cursorGone(),
    status: 400,
  })
}

/** Whether a user has videos in the trash. */
export const hasTrash = async (db: Db, ownerId: string) =>
  (await db.video.count({ where: { ownerId, purgeAt: { gt: new Date(databaseTimeMs()) } }, take: 1 })) > 0

/** @throws {AppError} video.not_found, also for a video of another owner */
export async function getVideo(db: Db, where: { id: string; ownerId: string }) {
  const row = await db.video.findFirst({ where, include: { chapters: selectChapters, whole: true } })
  if (!row) throw notFound('video')
  return toVideoDetailsDto(row, (await readVideoParts(db, [row]))(row.id))
}
