'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { NotificationDto } from '@/lib/notifications/schema'
import { createAnnouncer } from './announcer'

/** Returns the text of a live region, and a function that announces notifications in it. */
export function useAnnouncement() {
  const [announcement, setAnnouncement] = useState('')
  const announcer = useRef<ReturnType<typeof createAnnouncer>>(undefined)
  useEffect(() => {
    announcer.current = createAnnouncer(setAnnouncement)
    return () => announcer.current?.stop()
  }, [])
  const announce = useCallback((notifications: readonly NotificationDto[]) => {
    announcer.current?.announce(notifications.map(({ message }) => message).toReversed())
  }, [])
  return { announcement, announce }
}
