import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { getLocale } from '../i18n/locale'
import { listVideos } from '../videos/queries'
import { MAX_PLAYLIST_VIDEOS } from './limits'
import type { PlaylistDetailsDto, PlaylistDto, PlaylistSummaryDto } from './schema'

const withEntries = {
  entries: { orderBy: [{ index: 'asc' }, { videoId: 'asc' }], select: { videoId: true } },
} satisfies Prisma.PlaylistInclude

/** Playlists of a user by their ids. */
export async function findPlaylists(
  db: Db,
  { ownerId, ids }: { ownerId: string; ids: string[] },
): Promise<PlaylistDto[]> {
  const rows = await db.playlist.findMany({ where: { ownerId, id: { in: ids } }, include: withEntries })
  return rows.map(toPlaylistDto)
}

/** Lists the playlists of a user by name, with the number of videos that they show. */
export async function listPlaylists(db: Db, ownerId: string): Promise<PlaylistSummaryDto[]> {
  const shown = { where: { video: { deletedAt: null } } }
  const rows = await db.playlist.findMany({
    where: { ownerId },
    select: { id: true, name: true, createdAt: true, _count: { select: { entries: shown } } },
  })
  return rows
    .map(({ id, name, createdAt, _count }) => ({
      id,
      name,
      videoCount: _count.entries,
      createdAt: createdAt.toISOString(),
    }))
    .toSorted(byName)
}

const byName = (a: { name: string }, b: { name: string }) =>
  a.name.localeCompare(b.name, getLocale(), { numeric: true })

/** @throws {AppError} playlist.not_found */
export async function findPlaylist(db: Db | Tx, where: { id: string; ownerId: string }) {
  const row = await db.playlist.findFirst({ where, include: withEntries })
  if (!row) throw notFound('playlist')
  return toPlaylistDto(row)
}

/** A playlist with its videos. @throws {AppError} playlist.not_found */
export async function getPlaylist(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<PlaylistDetailsDto> {
  const playlist = await findPlaylist(db, { id, ownerId })
  const { videos } = await listVideos(db, { ownerId, ids: playlist.videoIds, limit: MAX_PLAYLIST_VIDEOS })
  const byId = new Map(videos.map((video) => [video.id, video]))
  const ordered = playlist.videoIds.flatMap((videoId) => byId.get(videoId) ?? [])
  return { ...playlist, videos: ordered.filter(({ deletedAt }) => deletedAt === null) }
}

const toPlaylistDto = ({
  id,
  name,
  version,
  createdAt,
  entries,
}: Prisma.PlaylistGetPayload<{ include: typeof withEntries }>): PlaylistDto => ({
  id,
  name,
  videoIds: entries.map(({ videoId }) => videoId),
  version,
  createdAt: createdAt.toISOString(),
})
