import { randomBytes } from 'node:crypto'
import { databaseTimeMs } from '../cluster/database-clock'
import { hashToken } from '../accounts/hash-token'
import type { Db } from '../database/db'

interface GuestPort {
  machineId: string
  port: number
}

/** How long a token is valid after its last use. */
const TOKEN_TTL_MS = 5 * 60_000
/** Uses within this time of the last renewal do not write to the database. */
const RENEWAL_INTERVAL_MS = 30_000

const expiryOf = (now: number) => new Date(now + TOKEN_TTL_MS)

/**
 * Issues the token in the URL of a guest page, which must not receive the session cookie. It is valid for one port, for a
 * few minutes after each use, and at most as long as the session.
 */
export async function issuePortToken(db: Db, sessionId: string, { machineId, port }: GuestPort) {
  const token = `~${randomBytes(24).toString('base64url')}`
  const now = databaseTimeMs()
  await db.machinePortPass.deleteMany({ where: { sessionId, expiresAt: { lt: new Date(now) } } })
  await db.machinePortPass.create({
    data: { tokenHash: hashToken(token), sessionId, machineId, guestPort: port, expiresAt: expiryOf(now) },
  })
  return token
}

/** Verifies a token and renews it. @returns its session and user; null for an invalid or expired token */
export async function verifyPortToken(db: Db, token: string, { machineId, port }: GuestPort) {
  const tokenHash = hashToken(token)
  const pass = await db.machinePortPass.findUnique({ where: { tokenHash }, include: { session: true } })
  const now = databaseTimeMs()
  if (!pass || pass.machineId !== machineId || pass.guestPort !== port) return null
  if (pass.expiresAt.getTime() <= now || pass.session.expiresAt.getTime() <= now) return null
  if (pass.expiresAt.getTime() < now + TOKEN_TTL_MS - RENEWAL_INTERVAL_MS)
    await db.machinePortPass.updateMany({ where: { tokenHash }, data: { expiresAt: expiryOf(now) } })
  return { sessionId: pass.sessionId, userId: pass.session.userId }
}

/**
 * Binds a token to the first browser that opens its page. Later, `secret` must be the one that it was given.
 * @returns the secret for the first browser; null for another browser
 */
export async function claimPortToken(db: Db, token: string, secret: string | undefined) {
  const tokenHash = hashToken(token)
  const own = randomBytes(24).toString('base64url')
  const { count } = await db.machinePortPass.updateMany({
    where: { tokenHash, browserHash: null },
    data: { browserHash: hashToken(own) },
  })
  if (count > 0) return { secret: own }
  const pass = secret && (await db.machinePortPass.findUnique({ where: { tokenHash } }))
  return pass && pass.browserHash === hashToken(secret) ? { secret: null } : null
}
