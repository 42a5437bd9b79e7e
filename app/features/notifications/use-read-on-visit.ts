'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { NotificationDto } from '@/lib/notifications/schema'
import { markRead } from './mark-read'

/** Pages that list what several notifications are about do not show what each of them reports. */
const LISTS = ['/videos', '/notifications']

/** Marks notifications as read whose page the user looks at. */
export function useReadOnVisit(unread: readonly NotificationDto[]) {
  const pathname = usePathname()
  const requested = useRef(new Set<string>())
  useEffect(() => {
    const readCurrent = () => {
      if (document.visibilityState !== 'visible' || LISTS.includes(pathname)) return
      const ids = unread
        .filter(({ id, href }) => href.split('#')[0] === pathname && !requested.current.has(id))
        .map(({ id }) => id)
      if (ids.length === 0) return
      for (const id of ids) requested.current.add(id)
      void markRead({ ids })
    }
    readCurrent()
    document.addEventListener('visibilitychange', readCurrent)
    return () => document.removeEventListener('visibilitychange', readCurrent)
  }, [pathname, unread])
}
