'use client'

import * as messages from '@/lib/generated/messages/shell'
import { useLive } from '@/app/live/live-provider'
import { formatDate } from '@/app/ui/format'

/** States that the page is not live, and how old what it shows is. */
export function ConnectionBanner() {
  const { isConnected, lastSyncAt } = useLive()
  if (isConnected) return null
  const time = lastSyncAt && formatDate(lastSyncAt, 'time')
  return (
    <p role="status" className="border-b bg-muted px-4 py-1.5 text-center text-sm text-muted-foreground">
      {time ? messages.offlineSince({ time }) : messages.offline()}
    </p>
  )
}
