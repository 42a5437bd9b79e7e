import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/account-errors'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api'
import { z } from 'zod'
import { type Db, db } from '../database/db'
import { describeDevice } from './describe-device'

/** A session as shown to its user, without its token. */
export interface SessionSummary {
  id: string
  device: string
  address: string | null
  createdAt: string
  lastSeenAt: string
  isCurrent: boolean
}

/** Lists the sessions of a user, the current one first, then by their last use. */
export async function listSessions(
  database: Db,
  { userId, currentId }: { userId: string; currentId: string | null },
): Promise<SessionSummary[]> {
  const rows = await database.session.findMany({
    where: { userId, expiresAt: { gt: new Date(databaseTimeMs()) } },
    orderBy: { lastSeenAt: 'desc' },
  })
  return rows
    .map((row) => ({
      id: row.id,
      device: describeDevice(row.userAgent),
      address: row.ipAddress,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      isCurrent: row.id === currentId,
    }))
    .toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
}

/** Adds `POST /api/auth/end-session`, by ID: the endpoint of better-auth needs the token of the other session. */
export const accountSessions = {
  id: 'meanwhile-sessions',
  endpoints: {
    endSession: createAuthEndpoint(
      '/end-session',
      { method: 'POST', body: z.object({ id: z.string().max(64) }), use: [sessionMiddleware] },
      async (ctx) => {
        const where = { id: ctx.body.id, userId: ctx.context.session.user.id }
        const { count } = await db().session.deleteMany({ where })
        if (count === 0) throw new APIError('NOT_FOUND', { message: messages.sessionNotFound() })
        return ctx.json({ status: true })
      },
    ),
  },
} satisfies BetterAuthPlugin
