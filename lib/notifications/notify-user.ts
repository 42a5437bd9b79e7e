import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import type { Notification } from '../generated/prisma/client'
import { findStoredMessage } from '../i18n/stored-message'
import type { ContentOf } from '../mail/content'
import { queueMail } from '../mail/queue-mail'
import { queuePushes } from '../push/queue-pushes'
import type { MailEvent, NotificationEvent } from './events'
import { isChannelOn, readNotificationSettings } from './settings'

/** Mails sent individually within the window; further events are collected in a digest. */
const MAX_IMMEDIATE_MAILS = 3
const BURST_WINDOW_MS = 5 * 60_000

type UserNotification = Pick<Notification, 'ownerId' | 'eventKey' | 'title' | 'href' | 'detail'> & {
  event: NotificationEvent
}

/**
 * Writes the notification of an event, in the transaction of that event, mails it at once or in a digest, and enqueues it
 * for subscribed browsers. The settings of the owner decide where it appears.
 */
export async function notifyUser(tx: Tx, boss: PgBoss, notification: UserNotification) {
  const settings = await readNotificationSettings(tx, notification.ownerId)
  const { event } = notification
  const isInApp = isChannelOn(settings, 'inApp', event)
  const isForMail = isChannelOn(settings, 'mail', event)
  const isForPush = isChannelOn(settings, 'push', event)
  if (!isInApp && !isForMail && !isForPush) return
  const row = await tx.notification.create({
    data: {
      ...notification,
      detailSource: findStoredMessage(notification.detail),
      isInApp,
      isForMail,
      createdAt: new Date(databaseTimeMs()),
    },
  })
  if (isForMail && settings.gathering === 'soon' && (await isBelowBurstLimit(tx, row)))
    await queueImmediateMail(tx, boss, row)
  if (isForPush) await queuePushes(tx, boss, { ownerId: row.ownerId, notificationId: row.id })
}

async function isBelowBurstLimit(tx: Tx, { ownerId, id }: Notification) {
  const createdAt = { gt: new Date(databaseTimeMs() - BURST_WINDOW_MS) }
  const where = { ownerId, id: { not: id }, createdAt, isForMail: true }
  return (await tx.notification.count({ where })) < MAX_IMMEDIATE_MAILS
}

async function queueImmediateMail(tx: Tx, boss: PgBoss, row: Notification) {
  const { ownerId, eventKey } = row
  const content = { template: 'outcome', data: toOutcome(row) } as const
  const mailId = await queueMail(tx, boss, { ownerId, eventKey, content })
  await tx.notification.update({ where: { id: row.id }, data: { mailId } })
}

/** Converts a notification to the data of a template. */
export const toOutcome = (row: Notification): ContentOf<'outcome'> => ({
  event: row.event as MailEvent,
  title: row.title,
  href: `${config().publicUrl}${row.href}`,
  detail: row.detail,
})
