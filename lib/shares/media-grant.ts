import { createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { databaseTimeMs } from '../cluster/database-clock'
import { authSecret } from '../accounts/auth-secret'
import { isEqualTimingSafe } from '../accounts/timing-safe-equal'
import type { Share } from '../generated/prisma/client'

/** Longer than most films. Pages renew it while their viewer watches. */
export const GRANT_SECONDS = 6 * 60 * 60

type GrantedShare = Pick<Share, 'id' | 'passwordHash'>

interface Claims {
  shareId: string
  /** Differs between grants. */
  nonce: string
  expiresAtSeconds: number
}

/**
 * Issues the credential in the media URLs of a share, for a viewer who may see it: `ID.EXPIRY.NONCE.SIGNATURE`. Relative
 * URLs in playlists keep it. It ends with the share, whose row is read for every request, and with its password. A `former`
 * grant that still works is returned until half of its time is over, and then renewed with its nonce, so that its viewer counts once.
 */
export function issueGrant(share: GrantedShare, former?: string) {
  const nowSeconds = Math.floor(databaseTimeMs() / 1000)
  const renewed = former && isGrantOf(share, former) ? parseGrant(former) : null
  if (renewed && renewed.expiresAtSeconds - nowSeconds > GRANT_SECONDS / 2) return former!
  const nonce = renewed?.nonce ?? randomBytes(12).toString('base64url')
  const claims = { shareId: share.id, nonce, expiresAtSeconds: nowSeconds + GRANT_SECONDS }
  return `${formatClaims(claims)}.${signClaims(claims, share)}`
}

/** The claims of a grant that has not expired. Its signature is not verified before `isGrantOf`. */
export function parseGrant(grant: string): Claims | null {
  const [, shareId, expiry, nonce] = /^([\da-f-]{36})\.(\d{1,12})\.([\w-]{16})\.[\w-]{43}$/.exec(grant) ?? []
  if (!z.uuid().safeParse(shareId).success) return null
  const expiresAtSeconds = Number(expiry)
  return expiresAtSeconds * 1000 > databaseTimeMs()
    ? { shareId: shareId!, nonce: nonce!, expiresAtSeconds }
    : null
}

/** Whether a grant was issued for this share with its current password. */
export function isGrantOf(share: GrantedShare, grant: string) {
  const claims = parseGrant(grant)
  return claims?.shareId === share.id && isEqualTimingSafe(grant.split('.')[3]!, signClaims(claims, share))
}

const formatClaims = ({ shareId, expiresAtSeconds, nonce }: Claims) =>
  `${shareId}.${expiresAtSeconds}.${nonce}`

const signClaims = (claims: Claims, { passwordHash }: GrantedShare) =>
  createHmac('sha256', authSecret())
    .update(`share media ${formatClaims(claims)} ${passwordHash ?? ''}`)
    .digest('base64url')
