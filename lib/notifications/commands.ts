import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import { toNotificationDto, whereShown, whereUnread } from './queries'
import type { MarkRead } from './schema'

/** Marks one notification as read or unread, for all devices. @throws {AppError} notification.not_found */
export async function updateNotification(
  db: Db,
  { id, ownerId, isRead }: { id: string; ownerId: string; isRead: boolean },
) {
  const where = { ...whereShown(ownerId), id }
  const readAt = isRead ? new Date(databaseTimeMs()) : null
  await db.notification.updateMany({ where: { ...where, NOT: isReadAs(isRead) }, data: { readAt } })
  const row = await db.notification.findFirst({ where })
  if (!row) throw notFound('notification')
  return toNotificationDto(row)
}

const isReadAs = (isRead: boolean) => ({ readAt: isRead ? { not: null } : null })

/** Marks unread notifications of a user as read. Ids of others are ignored. */
export async function markNotificationsRead(db: Db, ownerId: string, which: MarkRead) {
  const id = 'ids' in which ? { in: which.ids } : { lte: which.upTo }
  await db.notification.updateMany({
    where: { ...whereUnread(ownerId), id },
    data: { readAt: new Date(databaseTimeMs()) },
  })
}
