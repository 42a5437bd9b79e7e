import type { Db } from '../database/db'

const VISIT_TIMEOUT_MS = 30 * 60 * 1000

/** When this person was here before. Within half an hour it is the same visit, which looks a day back. */
export async function recordVisit(db: Db, userId: string): Promise<Date> {
  const { lastSeenAt } = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { lastSeenAt: true },
  })
  await db.user.update({ where: { id: userId }, data: { lastSeenAt: new Date() } })
  const aDayAgo = new Date(Date.now() - 24 * 60 * 60 * 1000)
  return Date.now() - lastSeenAt.getTime() < VISIT_TIMEOUT_MS || lastSeenAt > aDayAgo ? aDayAgo : lastSeenAt
}
