'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { NotificationDto } from '@/lib/notifications/schema'
import { markRead } from './mark-read'

/** Pages that list what several notifications are about do not show what each of them reports. */
const LISTS = ['/videos', '/notifications']

/**
 * Marks notifications as read whose page the user looks at: once for each visit of the page, so that one that is marked as
 * unread meanwhile stays unread.
 */
export function useReadOnVisit(notifications: readonly NotificationDto[]) {
  const pathname = usePathname()
  const seen = useRef({ pathname, ids: new Set<string>() })
  useEffect(() => {
    if (seen.current.pathname !== pathname) seen.current = { pathname, ids: new Set() }
    const { ids } = seen.current
    const readCurrent = () => {
      if (document.visibilityState !== 'visible' || LISTS.includes(pathname)) return
      const fresh = notifications.filter(({ id, href }) => href.split('#')[0] === pathname && !ids.has(id))
      for (const { id } of fresh) ids.add(id)
      const unread = fresh.filter(({ readAt }) => !readAt).map(({ id }) => id)
      if (unread.length > 0) void markRead({ ids: unread })
    }
    readCurrent()
    document.addEventListener('visibilitychange', readCurrent)
    return () => document.removeEventListener('visibilitychange', readCurrent)
  }, [pathname, notifications])
}
