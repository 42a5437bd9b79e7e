import type { Db } from '../database/db'

const VISIT_TIMEOUT_MS = 30 * 60 * 1000

/** Records a visit and returns the time of the previous one, or one day ago if that was more recent. */
export async function recordVisit(db: Db, userId: string): Promise<Date> {
  const { lastSeenAt } = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { lastSeenAt: true },
  })
  await db.user.update({ where: { id: userId }, data: { lastSeenAt: new Date() } })
  const oneDayAgo = new Date(Date.now() - 24 * 60 * 60 * 1000)
  return Date.now() - lastSeenAt.getTime() < VISIT_TIMEOUT_MS || lastSeenAt > oneDayAgo
    ? oneDayAgo
    : lastSeenAt
}
