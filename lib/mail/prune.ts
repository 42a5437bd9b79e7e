import type { Db } from '../database/db'

const DAY_MS = 24 * 60 * 60 * 1000
const RETENTION_DAYS = 90

/** Deletes settled mails and notes older than 90 days. Waiting and ambiguous ones stay. @returns the number of mails */
export async function pruneMail({ db }: { db: Db }) {
  const before = { lt: new Date(Date.now() - RETENTION_DAYS * DAY_MS) }
  const { count } = await db.mail.deleteMany({
    where: { createdAt: before, state: { in: ['sent', 'failed', 'suppressed', 'canceled'] } },
  })
  await db.mailNote.deleteMany({ where: { createdAt: before, mailId: { not: null } } })
  await db.outboxMail.deleteMany({ where: { keptAt: before } })
  return count
}
