import type { AuthenticatedUser } from '../accounts/authenticate'
import { describeDevice } from '../accounts/describe-device'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db, Tx } from '../database/db'
import { notFound } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import type { PushSubscriptionDto } from './schema'
import { vapidKeys } from './vapid-keys'

const withSession = { include: { session: true } } satisfies Prisma.PushSubscriptionDefaultArgs
type SubscriptionWithSession = Prisma.PushSubscriptionGetPayload<typeof withSession>
type Caller = Pick<AuthenticatedUser, 'id' | 'sessionId'>

/** Subscriptions whose session has not expired, of users who are not disabled. */
const whereActive = () =>
  ({
    session: { expiresAt: { gt: new Date(databaseTimeMs()) } },
    owner: { disabledAt: null },
  }) satisfies Prisma.PushSubscriptionWhereInput

/** The key to subscribe with, and the subscribed browsers of a user. */
export async function readPush(db: Db, user: Caller) {
  const rows = await db.pushSubscription.findMany({
    where: { ownerId: user.id, ...whereActive() },
    orderBy: { id: 'desc' },
    ...withSession,
  })
  return {
    publicKey: vapidKeys().publicKey,
    subscriptions: rows.map((row) => toSubscriptionDto(row, user)),
  }
}

/** @throws {AppError} subscription.not_found */
export async function getSubscription(db: Db, { id, user }: { id: string; user: Caller }) {
  const row = await db.pushSubscription.findFirst({ where: { id, ownerId: user.id }, ...withSession })
  if (!row) throw notFound('subscription')
  return toSubscriptionDto(row, user)
}

export async function findActiveSubscriptionIds(tx: Tx, ownerId: string) {
  const rows = await tx.pushSubscription.findMany({
    where: { ownerId, ...whereActive() },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

export const findActiveSubscription = (db: Db, id: string) =>
  db.pushSubscription.findFirst({ where: { id, ...whereActive() } })

const toSubscriptionDto = (row: SubscriptionWithSession, { sessionId }: Caller): PushSubscriptionDto => ({
  id: row.id,
  device: describeDevice(row.session.userAgent),
  service: row.service,
  isCurrent: row.sessionId === sessionId,
  createdAt: row.createdAt.toISOString(),
  lastSentAt: row.lastSentAt?.toISOString() ?? null,
})
