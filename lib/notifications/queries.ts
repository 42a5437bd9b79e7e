import type { Db, Tx } from '../database/db'
import type { Notification, Prisma } from '../generated/prisma/client'
import { formatStoredMessage } from '../i18n/stored-message'
import { describeEvent, isFailureEvent, type NotificationEvent } from './events'
import type { InboxQuery, NotificationDto } from './schema'

const DEFAULT_PAGE_SIZE = 25

/** Matches what a user sees in the app. */
export const whereShown = (ownerId: string) =>
  ({ ownerId, isInApp: true }) satisfies Prisma.NotificationWhereInput

export const whereUnread = (ownerId: string) =>
  ({ ...whereShown(ownerId), readAt: null }) satisfies Prisma.NotificationWhereInput

/** The notifications of a user, newest first, 25 per page by default. */
export async function listNotifications(
  db: Db,
  { ownerId, unread, cursor, limit = DEFAULT_PAGE_SIZE }: InboxQuery & { ownerId: string },
) {
  const where = unread === 'true' ? whereUnread(ownerId) : whereShown(ownerId)
  const [rows, unreadCount] = await Promise.all([
    db.notification.findMany({
      where: { ...where, id: cursor && { lt: cursor } },
      orderBy: { id: 'desc' },
      take: limit + 1,
    }),
    db.notification.count({ where: whereUnread(ownerId) }),
  ])
  const page = rows.slice(0, limit)
  return {
    notifications: page.map(toNotificationDto),
    unreadCount,
    nextCursor: rows.length > limit ? page.at(-1)!.id : null,
  }
}

/** Those of `ids` that their owners see in the app, with the owner of each. */
export async function findShownNotifications(db: Db | Tx, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await db.notification.findMany({ where: { id: { in: [...ids] }, isInApp: true } })
  return rows.map((row) => ({ ownerId: row.ownerId, notification: toNotificationDto(row) }))
}

export const toNotificationDto = (row: Notification): NotificationDto => {
  const event = row.event as NotificationEvent
  return {
    id: row.id,
    event,
    message: describeEvent(event, row.title),
    detail: row.detail && formatStoredMessage(row.detailSource, row.detail),
    href: row.href,
    isFailure: isFailureEvent(event),
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
    version: row.version,
  }
}
