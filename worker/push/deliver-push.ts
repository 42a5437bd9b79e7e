import { databaseTimeMs } from '@/lib/cluster/database-clock'
import type { Db, Tx } from '@/lib/database/db'
import { AppError, PermanentError, RetryLater } from '@/lib/errors'
import type { Notification, PushSubscription } from '@/lib/generated/prisma/client'
import { BURST_TAG, BURST_WINDOW_MS, MAX_SINGLE_IN_BURST } from '@/lib/notifications/bursts'
import { toNotificationDto, whereUnread } from '@/lib/notifications/queries'
import { findActiveSubscription } from '@/lib/push/queries'
import type { SubscriptionInput } from '@/lib/push/schema'
import { decryptSubscription } from '@/lib/push/secret'
import { deliverPushTask, PUSH_LIFETIME_SECONDS } from '@/lib/push/tasks'
import { truncateText } from '@/lib/text/sanitize'
import * as messages from '@/lib/generated/messages/push'
import { connectionErrorMessage } from '../http/connection-error-message'
import { NO_RESPONSE } from '../http/no-response'
import type { TaskHandler } from '../runtime/handler'
import { parseRetryAfter } from '../webhooks/retry-schedule'
import { postPush } from './post-push'

/** The push service no longer knows the subscription: the user has turned notifications off, or deleted the browser. */
const ENDED_STATUSES = [404, 410]
const BUSY_STATUSES = [429, 503]
const DEFAULT_RETRY_AFTER_MS = 60_000
const MAX_RETRY_AFTER_MS = 60 * 60_000

/** Together below the 4,096 bytes that push services accept, also in scripts with three bytes per character. */
const MAX_TITLE_LENGTH = 200
const MAX_BODY_LENGTH = 400

/**
 * Sends one notification to one browser, at least once: messages with the same topic replace each other, so that a
 * repeated one is shown once. What has been read meanwhile is not sent.
 */
export const deliverPush: TaskHandler<typeof deliverPushTask> = {
  kind: deliverPushTask,
  async run(run) {
    const { db } = run.context
    const { notificationId, subscriptionId } = run.payload
    const [subscription, notification] = await Promise.all([
      findActiveSubscription(db, subscriptionId),
      db.notification.findUnique({ where: { id: notificationId } }),
    ])
    if (!subscription) return { result: { skipped: 'unsubscribed' } }
    if (!notification || notification.readAt) return { result: { skipped: 'read' } }
    if (isExpired(notification)) return { result: { skipped: 'expired' } }
    const target = await decryptSubscription(subscription)
    const end = async (tx: Tx) =>
      void (await tx.pushSubscription.deleteMany({ where: { id: subscriptionId } }))
    if (!target) return { result: { skipped: 'unsubscribed' }, store: end }
    const { service } = subscription
    const { status, retryAfter } = await post({
      target,
      subscription,
      notification,
      signal: run.signal,
      db,
    })
    if (status >= 200 && status < 300)
      return {
        result: { status },
        store: async (tx) =>
          void (await tx.pushSubscription.updateMany({
            where: { id: subscriptionId },
            data: { lastSentAt: new Date(databaseTimeMs()) },
          })),
      }
    if (ENDED_STATUSES.includes(status)) return { result: { status, skipped: 'unsubscribed' }, store: end }
    const message = messages.serviceStatus({ service, status: String(status) })
    run.log.warn({ subscriptionId, service, status }, 'the push service refused a message')
    if (BUSY_STATUSES.includes(status)) throw new RetryLater(retryDelayMs(retryAfter), message)
    if (status >= 500) throw new AppError({ code: 'push.not_delivered', message, status: 502 })
    throw new PermanentError({ code: 'push.not_delivered', message })
  },
}

const retryDelayMs = (retryAfter: string | undefined) =>
  Math.min(parseRetryAfter(retryAfter) ?? DEFAULT_RETRY_AFTER_MS, MAX_RETRY_AFTER_MS)

const isExpired = ({ createdAt }: Notification) =>
  databaseTimeMs() - createdAt.getTime() > PUSH_LIFETIME_SECONDS * 1000

interface PostOptions {
  db: Db
  target: SubscriptionInput
  subscription: PushSubscription
  notification: Notification
  signal: AbortSignal
}

/** What the browser shows. A message replaces one with the same id. */
async function createPayload(db: Db, notification: Notification, subscriptionId: string) {
  const { id, ownerId } = notification
  const since = new Date(databaseTimeMs() - BURST_WINDOW_MS)
  const [unreadCount, recentCount] = await Promise.all([
    db.notification.count({ where: whereUnread(ownerId) }),
    db.notification.count({ where: { ...whereUnread(ownerId), createdAt: { gt: since } } }),
  ])
  const { message, detail, href } = toNotificationDto(notification)
  const title = truncateText(message, MAX_TITLE_LENGTH)
  if (recentCount > MAX_SINGLE_IN_BURST)
    return {
      id: BURST_TAG,
      subscriptionId,
      title: messages.unreadCount({ count: unreadCount }),
      body: title,
      href: '/notifications',
      unreadCount,
    }
  const body = truncateText(detail ?? '', MAX_BODY_LENGTH)
  return { id, subscriptionId, title, body, href, unreadCount }
}

async function post({ db, target, subscription, notification, signal }: PostOptions) {
  const { id, service } = subscription
  const payload = await createPayload(db, notification, id)
  try {
    return await postPush({ subscription: target, payload, topic: payload.id.replaceAll('-', ''), signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError && error.code !== NO_RESPONSE)
      throw new PermanentError({ code: error.code, message: error.message })
    throw new AppError({
      code: 'push.not_delivered',
      message: messages.serviceUnreachable({ service, problem: connectionErrorMessage(error) }),
      status: 502,
      cause: error,
    })
  }
}
