import { verifyPassword } from 'better-auth/crypto'
import * as messages from '@/lib/generated/messages/share-errors'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Share } from '../generated/prisma/client'
import { countInWindow } from '../rate-limits/count-in-window'
import { rateLimited } from '../rate-limits/rate-limited'
import { findMachineShareByToken } from './machine-shares'
import { isGrantOf, issueGrant } from './media-grant'
import { findShareByToken } from './queries'
import type { SharedMachineDto, SharedPlaylistDto, SharedVideoDto } from './schema'
import { listSharedVideos } from './shared-playlists'
import { readSharedVideo } from './to-shared-video'

const WINDOW_SECONDS = 5 * 60
const MAX_TRIES_PER_ADDRESS = 10
/** Of all addresses together: a limit that viewers of a popular link do not reach. */
const MAX_TRIES = 600

interface Viewer {
  token: string
  password?: string
  /** A grant that the viewer was given before. */
  grant?: string
  /** In a page of another site, which consoles are not for. */
  isEmbedded?: boolean
  /** The client address, by which passwords are counted. */
  address: string
}

/**
 * Opens a link for a viewer. @throws {AppError} share.not_found if it is unknown, revoked or expired;
 * share.password_required, share.wrong_password, rate.limited
 */
export async function openShare(
  db: Db,
  viewer: Viewer,
): Promise<SharedVideoDto | SharedPlaylistDto | SharedMachineDto> {
  const share = await findShareByToken(db, viewer.token)
  if (!share && viewer.isEmbedded) throw notFound('share')
  if (!share) return openMachineShare(db, viewer)
  await requireAdmission(db, share, viewer)
  const grant = issueGrant(share, viewer.grant)
  const { video, playlist } = share
  if (video) return readSharedVideo(db, { video, share, grant })
  return {
    playlistName: playlist.name,
    videos: await listSharedVideos(db, { playlistId: playlist.id, grant }),
    visibility: share.visibility,
    hasPassword: share.passwordHash !== null,
    grant,
  }
}

async function openMachineShare(db: Db, viewer: Viewer): Promise<SharedMachineDto> {
  const share = await findMachineShareByToken(db, viewer.token)
  if (!share) throw notFound('share')
  await requireAdmission(db, share, viewer)
  return {
    machineName: share.machine.name,
    isTypingAllowed: share.isTypingAllowed,
    expiresAt: share.expiresAt.toISOString(),
    hasPassword: share.passwordHash !== null,
    grant: issueGrant(share, viewer.grant),
  }
}

async function requireAdmission(db: Db, share: Share, viewer: Viewer) {
  const { passwordHash } = share
  if (passwordHash !== null && !(viewer.grant && isGrantOf(share, viewer.grant)))
    await verifySharePassword(db, { share, passwordHash, ...viewer })
}

async function verifySharePassword(
  db: Db,
  {
    share,
    passwordHash,
    password,
    address,
  }: Pick<Viewer, 'password' | 'address'> & { share: Share; passwordHash: string },
) {
  if (password === undefined)
    throw new AppError({
      code: 'share.password_required',
      message: messages.passwordRequired(),
      status: 403,
    })
  for (const [key, max] of [
    [`share/${share.id}/${address}`, MAX_TRIES_PER_ADDRESS],
    [`share/${share.id}`, MAX_TRIES],
  ] as const) {
    const seconds = await countInWindow(db, { key, windowSeconds: WINDOW_SECONDS, max })
    if (seconds > 0) throw rateLimited(seconds, messages.tooManyTries({ seconds }))
  }
  if (await verifyPassword({ hash: passwordHash, password })) return
  throw new AppError({
    code: 'share.wrong_password',
    message: messages.wrongPassword(),
    status: 403,
  })
}
