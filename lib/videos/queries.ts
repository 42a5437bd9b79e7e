import { z } from 'zod'
import { toCaptionDto, includeCaptionTask } from '../captions/queries'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import { sanitizeText } from '../text/sanitize'
import type { Prisma } from '../generated/prisma/client'
import { transcodeVideoTask } from './tasks'
import type { VideoDto } from './schema'
import { isPlayable } from './playlists'

/** The task that makes a video's renditions, or made them. */
export const includeTranscodeTask = {
  tasks: { where: { kind: transcodeVideoTask.name }, orderBy: { id: 'desc' }, take: 1 },
} satisfies Prisma.VideoInclude

const includeVideoParts = {
  ...includeTranscodeTask,
  renditions: { orderBy: { position: 'asc' }, include: { segments: { take: 1, select: { index: true } } } },
  captions: { orderBy: { id: 'asc' }, include: includeCaptionTask },
} satisfies Prisma.VideoInclude

type VideoRow = Prisma.VideoGetPayload<{ include: typeof includeVideoParts }>

/** How the outside asks for videos. 50 at a time, newest first, if it does not say. */
export const videoListSchema = z.object({
  search: z.string().overwrite(sanitizeText).optional().describe('A part of the title'),
  sort: z.enum(['newest', 'oldest', 'title', 'longest', 'largest']).optional(),
  cursor: z.uuid().optional().describe('The nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type VideoSort = NonNullable<z.infer<typeof videoListSchema>['sort']>

export interface VideoFilter extends z.infer<typeof videoListSchema> {
  ownerId: string
  ids?: string[]
}

const ORDER_BY: Record<VideoSort, Prisma.VideoOrderByWithRelationInput[]> = {
  newest: [{ createdAt: 'desc' }, { id: 'desc' }],
  oldest: [{ createdAt: 'asc' }, { id: 'asc' }],
  title: [{ title: 'asc' }, { id: 'asc' }],
  longest: [{ durationSeconds: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
  largest: [{ sizeBytes: 'desc' }, { id: 'asc' }],
}

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
    include: includeVideoParts,
    ...(filter.cursor ? await cursorOptions(db, where, filter.cursor) : {}),
  })
  const page = rows.slice(0, limit)
  return { videos: page.map(toVideoDto), nextCursor: rows.length > limit ? page.at(-1)!.id : null }
}

/** Behind the video that the last page ended with, which may be called something else by now. */
async function cursorOptions(db: Db, where: Prisma.VideoWhereInput & { ownerId: string }, id: string) {
  const found = await db.video.findFirst({ where: { id, ownerId: where.ownerId }, select: { id: true } })
  if (!found)
    throw new AppError({
      code: 'videos.cursor_gone',
      message: 'The video that the last page ended with is deleted. Begin with the first page.',
      status: 400,
    })
  const isListed = (await db.video.count({ where: { AND: [where, { id }] } })) > 0
  return { cursor: { id }, skip: isListed ? 1 : 0 }
}

/** @throws {AppError} video.not_found for a missing one and for somebody else's. */
export async function getVideo(db: Db, where: { id: string; ownerId: string }) {
  const row = await db.video.findFirst({ where, include: includeVideoParts })
  if (!row) throw notFound('video')
  return toVideoDto(row)
}

function toVideoDto(row: VideoRow): VideoDto {
  const task = row.tasks[0]
  const media = `/media/videos/${row.id}`
  return {
    id: row.id,
    title: row.title,
    filename: row.filename,
    state: task?.state ?? 'queued',
    isPlayable: isPlayable(row.renditions),
    hasVideo: row.hasVideo,
    error: (task?.error as VideoDto['error']) ?? null,
    missingSeconds: (task?.result as { missingSeconds?: number } | null)?.missingSeconds ?? null,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.sha256,
    durationSeconds: row.durationSeconds,
    width: row.width,
    height: row.height,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    finishedAt: task?.finishedAt?.toISOString() ?? null,
    taskId: task?.id ?? null,
    renditions: row.renditions.map((rendition) => ({
      name: rendition.name,
      mode: rendition.mode,
      height: rendition.height,
      width: rendition.width,
      state: rendition.state,
      progress: rendition.progress,
      language: rendition.language,
      label: rendition.label,
      downloadUrl: rendition.downloadKey && `${media}/downloads/${rendition.name}.mp4`,
    })),
    captions: row.captions.map(toCaptionDto),
    urls: {
      hls: `${media}/hls/master.m3u8`,
      poster: row.posterKey && `${media}/poster.jpg`,
      storyboard: row.storyboardKey && `${media}/storyboard/storyboard.vtt`,
      download: `${media}/source`,
      captions: `/api/v1/videos/${row.id}/captions`,
    },
  }
}
