import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/notification-list'
import { Check, Mail, MailOpen, X } from 'lucide-react'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import type { NotificationDto } from '@/lib/notifications/schema'
import { markRead } from './mark-read'

interface Props {
  notification: NotificationDto
  /** Called when the page of the notification is opened. */
  onOpen?(): void
}

/** One notification: a link to what it is about, and a button that marks it as read or unread. */
export function NotificationRow({ notification, onOpen }: Props) {
  const store = useLiveStore()
  const { id, message, detail, href, isFailure, createdAt, readAt } = notification
  const isRead = readAt !== null
  const open = () => {
    if (!isRead) void markRead({ ids: [id] })
    onOpen?.()
  }
  const toggle = () =>
    void sendApiRequest<NotificationDto>(
      { url: `/api/v1/inbox/${id}`, method: 'PATCH', body: { isRead: !isRead } },
      (changed) => store.upsert({ notifications: [changed] }),
    )
  const Icon = isFailure ? X : Check
  return (
    <li className="flex items-start gap-1 pe-2 hover:bg-muted">
      <Link
        href={href}
        data-row={id}
        onClick={open}
        className="flex min-w-0 grow items-start gap-3 py-2.5 ps-4 -outline-offset-2"
      >
        <Icon
          role="img"
          aria-label={isFailure ? commonMessages.failed() : commonMessages.done()}
          className={`mt-0.5 size-4 shrink-0 ${isFailure ? 'text-destructive' : 'text-primary'}`}
        />
        <span className="min-w-0 grow">
          <span className={`line-clamp-3 break-words ${isRead ? 'text-muted-foreground' : 'font-medium'}`}>
            {!isRead && <span className="sr-only">{messages.unreadPrefix()} </span>}
            {message}
          </span>
          <span className="line-clamp-3 text-sm break-words text-muted-foreground">
            {detail && `${detail} · `}
            <RelativeTime at={createdAt} />
          </span>
        </span>
        {!isRead && <span aria-hidden className="mt-2 size-2 shrink-0 rounded-full bg-primary" />}
      </Link>
      <Button
        variant="ghost"
        size="sm"
        className="mt-1.5"
        aria-label={(isRead ? messages.markUnreadNamed : messages.markReadNamed)({ message })}
        title={isRead ? messages.markUnread() : messages.markRead()}
        onClick={toggle}
      >
        {isRead ? <Mail className="size-4" /> : <MailOpen className="size-4" />}
      </Button>
    </li>
  )
}
