'use client'

import { useLive } from '@/app/live/live-provider'

/** States that the page is not live, and how old what it shows is. */
export function ConnectionBanner() {
  const { isConnected, lastSyncAt } = useLive()
  if (isConnected) return null
  const time = lastSyncAt && new Date(lastSyncAt).toLocaleTimeString('en-GB', { timeStyle: 'short' })
  return (
    <p role="status" className="border-b bg-muted px-4 py-1.5 text-center text-sm text-muted-foreground">
      {time ? `Offline, last updated ${time}` : 'Offline'}
    </p>
  )
}
