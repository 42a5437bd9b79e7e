'use client'

import { useEffect, useRef, useState } from 'react'
import { useLive } from '@/app/live/live-provider'
import type { NotificationDto } from '@/lib/notifications/schema'
import { createAnnouncer } from './announcer'

/** Returns the text of a live region: what has arrived since the page was opened. */
export function useAnnouncement(unread: readonly NotificationDto[]) {
  const { lastSyncAt } = useLive()
  const [announcement, setAnnouncement] = useState('')
  const known = useRef<Set<string>>(undefined)
  const announcer = useRef<ReturnType<typeof createAnnouncer>>(undefined)
  useEffect(() => {
    announcer.current = createAnnouncer(setAnnouncement)
    return () => announcer.current?.stop()
  }, [])
  useEffect(() => {
    // What was unread before the page was opened is no news.
    if (lastSyncAt === null) return
    const before = (known.current ??= new Set(unread.map(({ id }) => id)))
    const fresh = unread.filter(({ id }) => !before.has(id))
    for (const { id } of fresh) before.add(id)
    if (fresh.length > 0) announcer.current?.announce(fresh.map(({ message }) => message).toReversed())
  }, [unread, lastSyncAt])
  return announcement
}
