import { DAY_MS } from '../durations'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Prisma } from '../generated/prisma/client'

const RETENTION_DAYS = 90

/** Deletes settled mails and stored mails older than 90 days. @returns the number of mails */
export async function pruneMail({ db }: { db: Db }) {
  const before = { lt: new Date(databaseTimeMs() - RETENTION_DAYS * DAY_MS) }
  const settled = {
    createdAt: before,
    state: { in: ['sent', 'failed', 'suppressed', 'canceled'] },
  } satisfies Prisma.MailWhereInput
  const count = await deleteInBatches((limit) => db.mail.deleteMany({ where: settled, limit }))
  await deleteInBatches((limit) => db.outboxMail.deleteMany({ where: { keptAt: before }, limit }))
  return count
}
