'use client'

import { useEffect } from 'react'
import { useLive } from '@/app/live/live-provider'

/** Shows a number at the icon of the installed app, which the service worker raises while no page is open. */
export function useAppBadge(unreadCount: number) {
  const { lastSyncAt } = useLive()
  const isLoaded = lastSyncAt !== null
  useEffect(() => {
    if (isLoaded) navigator.setAppBadge?.(unreadCount).catch(() => undefined)
  }, [isLoaded, unreadCount])
}
