'use client'

import * as messages from '@/lib/generated/messages/notifications'
import { Bell } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useMemo } from 'react'
import { useLive } from '@/app/live/live-provider'
import { announce } from '@/app/ui/announcements'
import { Button } from '@/app/ui/button'
import { LazyMenu } from '@/app/ui/lazy-menu'
import type { NotificationDto } from '@/lib/notifications/schema'
import { showBrowserNotifications } from './show-browser-notifications'
import { useAppBadge } from './use-app-badge'
import { useFreshNotifications } from './use-fresh-notifications'
import { useReadOnVisit } from './use-read-on-visit'
import { useWorkerMessages } from './use-worker-messages'

const loadPanel = async () => (await import('./notification-panel')).NotificationPanel

/** Above it, the exact number is of no use, and the badge too wide. */
const MAX_SHOWN_COUNT = 99

/** Shows how many notifications are unread, and opens the newest ones. */
export function NotificationBell() {
  const { notifications } = useLive()
  const unread = useMemo(() => notifications.filter(({ readAt }) => !readAt), [notifications])
  const router = useRouter()
  const open = useCallback((href: string) => router.push(href), [router])
  const report = useCallback(
    (fresh: NotificationDto[]) => {
      announce(...fresh.map(({ message }) => message).toReversed())
      void showBrowserNotifications(fresh, unread)
    },
    [unread],
  )
  useFreshNotifications(unread, report)
  useWorkerMessages(open)
  useEffect(() => {
    // Of the installed app; push messages set it while no page is open.
    void navigator.setAppBadge?.(unread.length).catch(() => undefined)
  }, [unread.length])
  useReadOnVisit(notifications)
  useAppBadge(unread.length)
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
              {unread.length > 0 ? messages.titleWithUnread({ count }) : messages.title()}
            </span>
            {unread.length > 0 && (
              <span
                aria-hidden
                className="absolute top-0.5 end-0 grid h-4 min-w-4 place-items-center rounded-full bg-primary px-1 text-[10px] leading-none font-semibold text-primary-foreground tabular-nums"
              >
                {count}
              </span>
            )}
          </Button>
        }
      />
    </>
  )
}
