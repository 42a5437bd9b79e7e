import { databaseTimeMs } from '../cluster/database-clock'
import { decryptSecret } from '../accounts/encrypt-secret'
import { hashToken } from '../accounts/hash-token'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import type { Prisma, Share } from '../generated/prisma/client'
import { embedUrl, shareUrl } from './links'
import { isGrantOf, parseGrant } from './media-grant'
import type { ShareDto } from './schema'

/** Lists the links to a playlist, newest first, also expired ones. @throws {AppError} playlist.not_found */
export async function listPlaylistShares(
  db: Db,
  { playlistId, ownerId }: { playlistId: string; ownerId: string },
) {
  const playlist = await db.playlist.findFirst({
    where: { id: playlistId, ownerId },
    select: { shares: { orderBy: { id: 'desc' } } },
  })
  if (!playlist) throw notFound('playlist')
  return Promise.all(playlist.shares.map(toShareDto))
}

/** Lists the links to a video, newest first, also expired ones. @throws {AppError} video.not_found */
export async function listShares(db: Db, { videoId, ownerId }: { videoId: string; ownerId: string }) {
  const video = await db.video.findFirst({
    where: { id: videoId, ownerId },
    select: { shares: { orderBy: { id: 'desc' } } },
  })
  if (!video) throw notFound('video')
  return Promise.all(video.shares.map(toShareDto))
}

/** The newest link of a video with the settings of a new one: unlisted, for all who have it, without an end or downloads. */
export async function findDefaultShare(db: Db, videoId: string) {
  const row = await db.share.findFirst({
    where: { videoId, visibility: 'unlisted', passwordHash: null, expiresAt: null, isDownloadAllowed: false },
    orderBy: { id: 'desc' },
  })
  return row && toShareDto(row)
}

export async function toShareDto(row: Share): Promise<ShareDto> {
  const token = await decryptToken(row)
  return {
    ...toLinkDto(row, token),
    videoId: row.videoId,
    playlistId: row.playlistId,
    embedUrl: token && embedUrl(token),
    visibility: row.visibility,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    isDownloadAllowed: row.isDownloadAllowed,
    viewCount: row.viewCount,
  }
}

/** Null if the link was created with another AUTH_SECRET: it still works, but cannot be shown. */
export const decryptToken = ({ token }: Share) => decryptSecret(token).catch(() => null)

/** What links to videos and to consoles have in common. */
export const toLinkDto = (row: Share, token: string | null) => ({
  id: row.id,
  url: token && shareUrl(token),
  hasPassword: row.passwordHash !== null,
  isExpired: row.expiresAt !== null && row.expiresAt.getTime() <= databaseTimeMs(),
  createdAt: row.createdAt.toISOString(),
})

/**
 * The share of a link to a video or a playlist; null if it is unknown, revoked or expired, if its video is deleted, or if its
 * owner is disabled.
 */
export const findShareByToken = (db: Db | Tx, token: string) =>
  findActive(db, { tokenHash: hashToken(token) })

/** The share that a grant in a media URL was issued for; null as above, or if the grant is forged, expired or of another password. */
export async function findShareByGrant(db: Db, grant: string) {
  const claims = parseGrant(grant)
  if (!claims) return null
  const share = await findActive(db, { id: claims.shareId })
  return share && isGrantOf(share, grant) ? share : null
}

async function findActive(db: Db | Tx, where: Prisma.ShareWhereInput) {
  const share = await db.share.findFirst({
    where: {
      ...where,
      AND: [
        { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(databaseTimeMs()) } }] },
        {
          OR: [
            { video: { deletedAt: null, owner: { disabledAt: null } } },
            { playlist: { owner: { disabledAt: null } } },
          ],
        },
      ],
    },
    include: { video: true, playlist: true },
  })
  if (!share) return null
  const { video, playlist } = share
  return video ? { ...share, video, playlist: null } : playlist && { ...share, video: null, playlist }
}

export type ActiveShare = NonNullable<Awaited<ReturnType<typeof findActive>>>
