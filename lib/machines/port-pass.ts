import { createHmac, timingSafeEqual } from 'node:crypto'
import { authSecret } from '../accounts/secret'
import type { Db } from '../db'

interface Port {
  machineId: string
  port: number
}

const sign = (sessionId: string, { machineId, port }: Port) =>
  createHmac('sha256', authSecret())
    .update(`machine port ${machineId} ${port} ${sessionId}`)
    .digest('base64url')

/** Stands in the address of a port's pages instead of the cookie, which they do not see; good while the session lasts. */
export const givePortPass = (sessionId: string, port: Port) => `~${sessionId}.${sign(sessionId, port)}`

/** Whose pass it is, for this port; null for one that was made up, or whose session has ended. */
export async function ownerOfPortPass(db: Db, pass: string, port: Port) {
  const [, sessionId, signature = ''] = /^~([\w-]+)\.([\w-]+)$/.exec(pass) ?? []
  if (!sessionId) return null
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(sessionId, port))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const session = await db.session.findUnique({ where: { id: sessionId } })
  return session && session.expiresAt > new Date() ? session.userId : null
}
