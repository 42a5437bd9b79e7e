import { decryptSecret } from '../accounts/encrypt-secret'
import { hashToken } from '../accounts/hash-token'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import type { Prisma, Share } from '../generated/prisma/client'
import { embedUrl, shareUrl } from './links'
import { isGrantOf, parseGrant } from './media-grant'
import type { ShareDto } from './schema'

/** Lists the links of a video, newest first, also expired ones. @throws {AppError} video.not_found */
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
    videoId: row.videoId!,
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
  isExpired: row.expiresAt !== null && row.expiresAt.getTime() <= Date.now(),
  createdAt: row.createdAt.toISOString(),
})

/** The share of a link to a video; null if it is unknown, revoked or expired, if its video is deleted, or if its owner is disabled. */
export const findShareByToken = async (db: Db | Tx, token: string) =>
  withVideo(
    await db.share.findFirst({
      where: { tokenHash: hashToken(token), ...whereActive() },
      include: includeVideo,
    }),
  )

/** The share that a grant in a media URL was issued for; null as above, or if the grant is forged, expired or of another password. */
export async function findShareByGrant(db: Db, grant: string) {
  const claims = parseGrant(grant)
  if (!claims) return null
  const share = withVideo(
    await db.share.findFirst({ where: { id: claims.shareId, ...whereActive() }, include: includeVideo }),
  )
  return share && isGrantOf(share, grant) ? share : null
}

const whereActive = () =>
  ({
    OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
    video: { deletedAt: null, owner: { disabledAt: null } },
  }) satisfies Prisma.ShareWhereInput

const includeVideo = { video: true } satisfies Prisma.ShareInclude

const withVideo = (share: Prisma.ShareGetPayload<{ include: typeof includeVideo }> | null) =>
  share?.video ? { ...share, videoId: share.video.id, video: share.video } : null
