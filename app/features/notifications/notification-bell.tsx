'use client'

import { Bell } from 'lucide-react'
import { useMemo } from 'react'
import { useLive } from '@/app/live/live-provider'
import { Button } from '@/app/ui/button'
import { LazyMenu } from '@/app/ui/lazy-menu'
import { useAnnouncement } from './use-announcement'
import { useReadOnVisit } from './use-read-on-visit'

const loadPanel = async () => (await import('./notification-panel')).NotificationPanel

/** Above it, the exact number is of no use, and the badge too wide. */
const MAX_SHOWN_COUNT = 99

/** Shows how many notifications are unread, and opens the newest ones. */
export function NotificationBell() {
  const { notifications } = useLive()
  const unread = useMemo(() => notifications.filter(({ readAt }) => !readAt), [notifications])
  const announcement = useAnnouncement(unread)
  useReadOnVisit(notifications)
  const count = unread.length > MAX_SHOWN_COUNT ? `${MAX_SHOWN_COUNT}+` : `${unread.length}`
  return (
    <>
      <LazyMenu
        kind="dialog"
        load={loadPanel}
        menuProps={{}}
        trigger={
          <Button variant="ghost" size="icon" className="relative size-9">
            <Bell className="size-4" aria-hidden />
            <span className="sr-only">
              {unread.length > 0 ? `Notifications, ${count} unread` : 'Notifications'}
            </span>
            {unread.length > 0 && (
              <span
                aria-hidden
                className="absolute top-0.5 right-0 grid h-4 min-w-4 place-items-center rounded-full bg-primary px-1 text-[10px] leading-none font-semibold text-primary-foreground tabular-nums"
              >
                {count}
              </span>
            )}
          </Button>
        }
      />
      <p aria-live="polite" className="sr-only">
        {announcement}
      </p>
    </>
  )
}
