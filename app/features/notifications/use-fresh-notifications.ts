'use client'

import { useEffect, useRef } from 'react'
import { useLive } from '@/app/live/live-provider'
import type { NotificationDto } from '@/lib/notifications/schema'

/** Calls `onFresh` with unread notifications that have arrived since the page was opened, newest first, once each. */
export function useFreshNotifications(
  unread: readonly NotificationDto[],
  onFresh: (notifications: NotificationDto[]) => void,
) {
  const { lastSyncAt } = useLive()
  const known = useRef<Set<string>>(undefined)
  useEffect(() => {
    // What was unread before the page was opened is no news.
    if (lastSyncAt === null) return
    const before = (known.current ??= new Set(unread.map(({ id }) => id)))
    const fresh = unread.filter(({ id }) => !before.has(id))
    for (const { id } of fresh) before.add(id)
    if (fresh.length > 0) onFresh(fresh)
  }, [unread, lastSyncAt, onFresh])
}
