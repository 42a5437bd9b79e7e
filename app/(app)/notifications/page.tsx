import * as messages from '@/lib/generated/messages/notifications'
import { NotificationList } from '@/app/features/notifications/notification-list'
import { requireUser } from '@/app/http/middleware/require-user'
import type { SearchPageProps } from '@/app/page-props'
import { db } from '@/lib/database/db'
import { listNotifications } from '@/lib/notifications/queries'
import { inboxQuerySchema } from '@/lib/notifications/schema'

export const generateMetadata = () => ({ title: messages.title() })

export default async function NotificationsPage({ searchParams }: SearchPageProps) {
  const { id: ownerId } = await requireUser()
  const { unread } = inboxQuerySchema
    .pick({ unread: true })
    .catch({})
    .parse(await searchParams)
  const initial = await listNotifications(db(), { ownerId, unread })
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">{messages.title()}</h1>
      <NotificationList key={unread} isUnreadOnly={unread === 'true'} initial={initial} />
    </div>
  )
}
