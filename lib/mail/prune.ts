import type { Db } from '../database/db'

const DAY_MS = 24 * 60 * 60 * 1000
const RETENTION_DAYS = 90

/** Forgets mails and notes that are settled and older than 90 days. What waits, or waits for a person, stays. */
export async function pruneMail({ db }: { db: Db }) {
  const before = { lt: new Date(Date.now() - RETENTION_DAYS * DAY_MS) }
  const { count } = await db.mail.deleteMany({
    where: { createdAt: before, state: { in: ['sent', 'failed', 'suppressed', 'canceled'] } },
  })
  await db.mailNote.deleteMany({ where: { createdAt: before, mailId: { not: null } } })
  await db.outboxMail.deleteMany({ where: { keptAt: before } })
  return count
}
