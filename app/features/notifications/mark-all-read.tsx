import * as messages from '@/lib/generated/messages/notification-list'
import { Button } from '@/app/ui/button'
import type { NotificationDto } from '@/lib/notifications/schema'
import { markRead } from './mark-read'

/** Marks all notifications that have arrived here as read; one that arrives meanwhile stays unread. */
export function MarkAllRead({ notifications }: { notifications: readonly NotificationDto[] }) {
  const newest = notifications.reduce((id, row) => (row.id > id ? row.id : id), '')
  const hasUnread = notifications.some(({ readAt }) => !readAt)
  return (
    <Button variant="ghost" size="sm" disabled={!hasUnread} onClick={() => void markRead({ upTo: newest })}>
      {messages.markAllRead()}
    </Button>
  )
}
