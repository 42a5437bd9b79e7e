'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/notification-list'
import { useMemo } from 'react'
import { useLive } from '@/app/live/live-provider'
import { usePaginatedRows } from '@/app/live/use-paginated-rows'
import { EmptyMessage } from '@/app/ui/empty-message'
import { FilterChips } from '@/app/ui/filter-chips'
import { Link } from '@/app/ui/link'
import { LoadMore } from '@/app/ui/load-more'
import type { NotificationDto } from '@/lib/notifications/schema'
import { MarkAllRead } from './mark-all-read'
import { NotificationRow } from './notification-row'

interface Props {
  isUnreadOnly: boolean
  initial: { notifications: NotificationDto[]; nextCursor: string | null }
}

/** All notifications of a user, newest first and live. */
export function NotificationList({ isUnreadOnly, initial }: Props) {
  const seed = useMemo(() => ({ notifications: initial.notifications }), [initial])
  const { notifications } = useLive(seed)
  const { ids, ...pages } = usePaginatedRows({
    path: `/api/v1/inbox${isUnreadOnly ? '?unread=true' : ''}`,
    first: initial,
  })
  const last = notifications.find(({ id }) => id === ids.at(-1))
  const shown = notifications.filter(
    ({ readAt, createdAt }) =>
      !(isUnreadOnly && readAt) && (!pages.hasMore || !last || createdAt >= last.createdAt),
  )
  const chips = [
    { href: '/notifications', label: messages.all(), isCurrent: !isUnreadOnly },
    { href: '/notifications?unread=true', label: messages.unread(), isCurrent: isUnreadOnly },
  ]
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <FilterChips label={messages.readState()} chips={chips} />
        <div className="flex items-center gap-1">
          <MarkAllRead notifications={notifications} />
          <Link
            href="/account#notifications"
            className="px-2.5 text-sm font-medium text-muted-foreground hover:text-foreground"
          >
            {commonMessages.settings()}
          </Link>
        </div>
      </div>
      {shown.length === 0 ? (
        <EmptyMessage>{isUnreadOnly ? messages.noUnread() : messages.empty()}</EmptyMessage>
      ) : (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {shown.map((notification) => (
            <NotificationRow key={notification.id} notification={notification} />
          ))}
        </ul>
      )}
      <LoadMore {...pages} />
    </div>
  )
}
