import type { Db } from '../database/db'
import { notFound } from '../errors'
import type { Prisma, Video } from '../generated/prisma/client'
import { videoKeys } from '../storage/keys'
import { posterVersion } from '../videos/poster-url'
import { isGrantOf } from './media-grant'
import { findShareByToken } from './queries'
import type { SharedPlaylistDto } from './schema'
import { readSharedVideo, toGrantedUrl } from './to-shared-video'

/** Those in the trash are in the playlist too, hidden. */
const isShown = { video: { deletedAt: null } } satisfies Prisma.PlaylistEntryWhereInput
const inOrder = [
  { index: 'asc' },
  { videoId: 'asc' },
] satisfies Prisma.PlaylistEntryOrderByWithRelationInput[]

/** The videos that a playlist has now, in order, as viewers with `grant` see them in its list. */
export async function listSharedVideos(
  db: Db,
  { playlistId, grant }: { playlistId: string; grant: string },
): Promise<SharedPlaylistDto['videos']> {
  const entries = await db.playlistEntry.findMany({
    where: { playlistId, ...isShown },
    orderBy: inOrder,
    select: { video: { select: { id: true, title: true, durationSeconds: true, posterKey: true } } },
  })
  return entries.map(({ video: { id, title, durationSeconds, posterKey } }) => ({
    id,
    title,
    durationSeconds,
    posterUrl:
      posterKey &&
      toGrantedUrl(`/media/${videoKeys(id).poster}`, { id, grant, isInPlaylist: true }) +
        posterVersion(posterKey),
  }))
}

/** A video that a playlist has now; null if it was removed or deleted. */
export async function findPlaylistVideo(
  db: Db,
  { playlistId, videoId }: { playlistId: string; videoId: string },
): Promise<Video | null> {
  const entry = await db.playlistEntry.findFirst({
    where: { playlistId, videoId, ...isShown },
    select: { video: true },
  })
  return entry?.video ?? null
}

/** The first video of a playlist that has a poster, which previews show. */
export async function findPlaylistCover(db: Db, playlistId: string): Promise<Video | null> {
  const entry = await db.playlistEntry.findFirst({
    where: { playlistId, video: { deletedAt: null, posterKey: { not: null } } },
    orderBy: inOrder,
    select: { video: true },
  })
  return entry?.video ?? null
}

/** Opens a video of a shared playlist for a viewer who has opened its link. @throws {AppError} share.not_found, video.not_found */
export async function openPlaylistVideo(
  db: Db,
  { token, grant, videoId }: { token: string; grant: string; videoId: string },
) {
  const share = await findShareByToken(db, token)
  if (!share?.playlist || !isGrantOf(share, grant)) throw notFound('share')
  const video = await findPlaylistVideo(db, { playlistId: share.playlist.id, videoId })
  if (!video) throw notFound('video')
  return readSharedVideo(db, { video, share, grant })
}
