'use client'

import { useDateFormat } from '@/app/ui/date-time'
import { formatDuration } from '@/app/ui/format'
import { useNow } from '@/app/ui/use-now'

/** The time since `since`, counting. */
export function Uptime({ since }: { since: string }) {
  const now = useNow(1_000)
  const format = useDateFormat()
  return (
    <time dateTime={since} title={format(since, 'second')} suppressHydrationWarning>
      {formatDuration(Math.max(0, now - Date.parse(since)) / 1000)}
    </time>
  )
}
