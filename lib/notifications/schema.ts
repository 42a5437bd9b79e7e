import { z } from 'zod'
import { notificationEventNames } from './events'

/** A notification as the REST API and the socket return it. */
export const notificationSchema = z.object({
  id: z.uuid(),
  event: z.enum(notificationEventNames),
  message: z.string().describe('What happened, such as “harbour is ready”'),
  detail: z.string().nullable().describe('More about it, such as why something failed'),
  href: z.string().describe('Path of the page about it'),
  isFailure: z.boolean(),
  createdAt: z.iso.datetime(),
  readAt: z.iso.datetime().nullable().describe('When it was marked as read, on any device'),
  version: z.number().int().describe('Grows with every change; ignore a lower one'),
})
export type NotificationDto = z.infer<typeof notificationSchema>

/** Query parameters of the list. */
export const inboxQuerySchema = z.object({
  unread: z.enum(['true', 'false']).optional().describe('true: only unread ones'),
  cursor: z.uuid().optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})
export type InboxQuery = z.infer<typeof inboxQuerySchema>

export const inboxSchema = z.object({
  notifications: z.array(notificationSchema),
  unreadCount: z.number().int().describe('Of all notifications'),
  nextCursor: z.uuid().nullable(),
})

export const updateNotificationSchema = z.object({ isRead: z.boolean() })

export const markReadSchema = z.union([
  z.object({ ids: z.array(z.uuid()).min(1).max(1_000) }).describe('These'),
  z.object({ upTo: z.uuid() }).describe('This one and all older ones'),
])
export type MarkRead = z.infer<typeof markReadSchema>
