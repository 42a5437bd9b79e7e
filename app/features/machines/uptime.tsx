'use client'

import { formatDuration, formatExactTime } from '@/app/ui/format'
import { useNow } from '@/app/ui/use-now'

/** The time since `since`, counting. */
export function Uptime({ since }: { since: string }) {
  const now = useNow(1_000)
  return (
    <time dateTime={since} title={formatExactTime(since)} suppressHydrationWarning>
      {formatDuration(Math.max(0, now - Date.parse(since)) / 1000)}
    </time>
  )
}
