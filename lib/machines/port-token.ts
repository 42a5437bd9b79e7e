import { createHmac } from 'node:crypto'
import { authSecret } from '../accounts/auth-secret'
import { isEqualTimingSafe } from '../accounts/timing-safe-equal'
import type { Db } from '../database/db'

interface GuestPort {
  machineId: string
  port: number
}

const signPortToken = (sessionId: string, { machineId, port }: GuestPort) =>
  createHmac('sha256', authSecret())
    .update(`machine port ${machineId} ${port} ${sessionId}`)
    .digest('base64url')

/**
 * Issues the token in the URL of a guest page, which must not receive the session cookie. Valid as long as the session.
 */
export const issuePortToken = (sessionId: string, port: GuestPort) =>
  `~${sessionId}.${signPortToken(sessionId, port)}`

/** Verifies a token. @returns the user ID; null for an invalid token or an expired session */
export async function verifyPortToken(db: Db, token: string, port: GuestPort) {
  const [, sessionId, signature = ''] = /^~([\w-]+)\.([\w-]+)$/.exec(token) ?? []
  if (!sessionId) return null
  if (!isEqualTimingSafe(signature, signPortToken(sessionId, port))) return null
  const session = await db.session.findUnique({ where: { id: sessionId } })
  return session && session.expiresAt > new Date() ? session.userId : null
}
