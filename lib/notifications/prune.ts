import { DAY_MS } from '../durations'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Prisma } from '../generated/prisma/client'

const RETENTION_DAYS = 90
/** Notifications kept per user. */
const MAX_NOTIFICATIONS = 500

/** Deletes old and excess notifications, but none that a digest still has to mail. @returns their number */
export async function pruneNotifications({ db }: { db: Db }) {
  const old = {
    createdAt: { lt: new Date(databaseTimeMs() - RETENTION_DAYS * DAY_MS) },
    OR: [{ mailId: { not: null } }, { isForMail: false }],
  } satisfies Prisma.NotificationWhereInput
  const count = await deleteInBatches((limit) => db.notification.deleteMany({ where: old, limit }))
  return count + (await deleteInBatches((limit) => deleteExcess(db, limit)))
}

const deleteExcess = async (db: Db, limit: number) => ({
  count: await db.$executeRaw`
    DELETE FROM mail_note WHERE id IN (
      SELECT id FROM (
        SELECT id, "mailId", "isForMail", row_number() OVER (PARTITION BY "ownerId" ORDER BY id DESC) AS place
        FROM mail_note) ranked
      WHERE place > ${MAX_NOTIFICATIONS} AND ("mailId" IS NOT NULL OR NOT "isForMail") LIMIT ${limit})`,
})
