import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import type { VideoFilter, VideoSort } from './schema'
import { selectChapters } from './chapters'
import { readVideoParts } from './read-video-parts'
import { toVideoDetailsDto, toVideoDto } from './to-video-dto'

const ORDER_BY: Record<VideoSort, Prisma.VideoOrderByWithRelationInput[]> = {
  newest: [{ createdAt: 'desc' }, { id: 'desc' }],
  oldest: [{ createdAt: 'asc' }, { id: 'asc' }],
  title: [{ title: 'asc' }, { id: 'asc' }],
  longest: [{ durationSeconds: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
  largest: [{ sizeBytes: 'desc' }, { id: 'asc' }],
}

/** Lists a page of videos; 50, newest first, by default. @throws {AppError} videos.cursor_gone */
export async function listVideos(db: Db, filter: VideoFilter) {
  const limit = filter.limit ?? 50
  const where = {
    ownerId: filter.ownerId,
    id: filter.ids && { in: filter.ids },
    title: filter.search ? { contains: filter.search, mode: 'insensitive' } : undefined,
  } satisfies Prisma.VideoWhereInput
  const rows = await db.video.findMany({
    where,
    orderBy: ORDER_BY[filter.sort ?? 'newest'],
    take: limit + 1,
    ...(filter.cursor ? await cursorOptions(db, where, filter.cursor) : {}),
  })
  const page = rows.slice(0, limit)
  const partsOf = await readVideoParts(
    db,
    page.map(({ id }) => id),
  )
  return {
    videos: page.map((row) => toVideoDto(row, partsOf(row.id))),
    nextCursor: rows.length > limit ? page.at(-1)!.id : null,
  }
}

/** Continues after the last video of the previous page, even if that one no longer matches the filter. */
async function cursorOptions(db: Db, where: Prisma.VideoWhereInput & { ownerId: string }, id: string) {
  const last = await db.video.findFirst({ where: { id, ownerId: where.ownerId }, select: { id: true } })
  if (!last)
    throw new AppError({
      code: 'videos.cursor_gone',
      message: 'The last video of the previous page was deleted. Start again from the first page.',
      status: 400,
    })
  const isListed = (await db.video.count({ where: { AND: [where, { id }] } })) > 0
  return { cursor: { id }, skip: isListed ? 1 : 0 }
}

/** @throws {AppError} video.not_found, also for a video of another owner */
export async function getVideo(db: Db, where: { id: string; ownerId: string }) {
  const row = await db.video.findFirst({ where, include: { chapters: selectChapters } })
  if (!row) throw notFound('video')
  return toVideoDetailsDto(row, (await readVideoParts(db, [row.id]))(row.id))
}
