import { hashPassword } from 'better-auth/crypto'
import * as messages from '@/lib/generated/messages/share-errors'
import { encryptSecret } from '../accounts/encrypt-secret'
import { hashToken } from '../accounts/hash-token'
import { recordAudit } from '../audit/commands'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { lockPlaylist } from '../playlists/commands'
import { countInWindow } from '../rate-limits/count-in-window'
import { requireVideo } from '../videos/require-video'
import { generateShareToken } from './links'
import { GRANT_SECONDS, isGrantOf, parseGrant } from './media-grant'
import { findShareByToken, toShareDto } from './queries'
import { MAX_SHARES, type ShareSettings } from './schema'

interface Target {
  db: Db
  id: string
  ownerId: string
}

/** What a link with `ShareSettings` is to. */
export type ShareSubject = { videoId: string } | { playlistId: string }

/**
 * Creates a link to a video, or to a playlist.
 * @throws {AppError} video.not_found, video.in_trash, playlist.not_found, share.too_many
 */
export async function createShare({
  db,
  subject,
  ownerId,
  settings,
}: {
  db: Db
  subject: ShareSubject
  ownerId: string
  settings: ShareSettings
}) {
  const { password, ...columns } = settings
  const data = { ...(await toColumns(columns)), ...(await toNewLink(password)), ...subject }
  const share = await db.$transaction(async (tx) => {
    // Locked so that concurrent requests cannot exceed the limit.
    await ('videoId' in subject
      ? requireVideo(tx, { id: subject.videoId, ownerId })
      : lockPlaylist(tx, { id: subject.playlistId, ownerId }))
    await requireFreeShare(tx, subject)
    const row = await tx.share.create({ data })
    await recordAudit(tx, {
      action: 'share.created',
      subject: { type: 'share', id: row.id },
      detail: subject,
    })
    return row
  })
  return toShareDto(share)
}

/** Changes the settings that are given. A new password ends the access of all viewers. @throws {AppError} share.not_found */
export async function updateShare({ db, id, ownerId, settings }: Target & { settings: ShareSettings }) {
  const data = await toColumns(settings)
  const share = await db.$transaction(async (tx) => {
    const found = await tx.share.findFirst({ where: { id, ...whereOwn(ownerId) }, select: { id: true } })
    if (!found) throw notFound('share')
    await recordAudit(tx, {
      action: 'share.updated',
      subject: { type: 'share', id },
      detail: { changed: Object.keys(settings) },
    })
    return tx.share.update({ where: { id }, data })
  })
  return toShareDto(share)
}

/** Deletes a link to a video or a playlist. Its page and media URLs stop working at once. @throws {AppError} share.not_found */
export async function revokeShare({ db, id, ownerId }: Target) {
  await db.$transaction(async (tx) => {
    const { count } = await tx.share.deleteMany({ where: { id, ...whereOwn(ownerId) } })
    if (count === 0) throw notFound('share')
    await recordAudit(tx, { action: 'share.revoked', subject: { type: 'share', id } })
  })
}

/** Counts a view, once per grant. It stores nothing of the viewer. @throws {AppError} share.not_found */
export async function countView(db: Db, { token, grant }: { token: string; grant: string }) {
  const share = await findShareByToken(db, token)
  if (!share || !isGrantOf(share, grant)) throw notFound('share')
  const key = `share-view/${parseGrant(grant)!.nonce}`
  if ((await countInWindow(db, { key, windowSeconds: GRANT_SECONDS, max: 1 })) > 0) return
  await db.share.updateMany({ where: { id: share.id }, data: { viewCount: { increment: 1 } } })
}

const whereOwn = (ownerId: string) => ({ OR: [{ video: { ownerId } }, { playlist: { ownerId } }] })

/** @throws {AppError} share.too_many if the video, the playlist or the machine has no room for another link */
export async function requireFreeShare(tx: Tx, where: ShareSubject | { machineId: string }) {
  if ((await tx.share.count({ where })) >= MAX_SHARES) throw tooManyError()
}

/** The columns of a link with a token of its own. */
export async function toNewLink(password: string | null | undefined) {
  const token = generateShareToken()
  return {
    token: await encryptSecret(token),
    tokenHash: hashToken(token),
    passwordHash: password ? await hashPassword(password) : null,
  }
}

async function toColumns({ password, expiresAt, ...settings }: ShareSettings) {
  return {
    ...settings,
    passwordHash: password ? await hashPassword(password) : password,
    expiresAt: expiresAt ? new Date(expiresAt) : expiresAt,
  }
}

const tooManyError = () =>
  new AppError({
    code: 'share.too_many',
    message: messages.tooMany({ maximum: MAX_SHARES }),
    status: 409,
  })
