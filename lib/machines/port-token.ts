import { createHmac, timingSafeEqual } from 'node:crypto'
import { authSecret } from '../accounts/auth-secret'
import type { Db } from '../database/db'

interface GuestPort {
  machineId: string
  port: number
}

const signPortToken = (sessionId: string, { machineId, port }: GuestPort) =>
  createHmac('sha256', authSecret())
    .update(`machine port ${machineId} ${port} ${sessionId}`)
    .digest('base64url')

/** Stands in the address of a port's pages instead of the cookie, which they do not see; good while the session lasts. */
export const issuePortToken = (sessionId: string, port: GuestPort) =>
  `~${sessionId}.${signPortToken(sessionId, port)}`

/** Whose pass it is, for this port; null for one that was made up, or whose session has ended. */
export async function verifyPortToken(db: Db, pass: string, port: GuestPort) {
  const [, sessionId, signature = ''] = /^~([\w-]+)\.([\w-]+)$/.exec(pass) ?? []
  if (!sessionId) return null
  const [given, expected] = [Buffer.from(signature), Buffer.from(signPortToken(sessionId, port))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const session = await db.session.findUnique({ where: { id: sessionId } })
  return session && session.expiresAt > new Date() ? session.userId : null
}
