'use client'

import { useEffect, useState } from 'react'
import { formatDuration } from '@/app/ui/format'

/** How long ago `since` is, counting. */
export function Uptime({ since }: { since: string }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={since} title={new Date(since).toLocaleString()} suppressHydrationWarning>
      {formatDuration(Math.max(0, now - Date.parse(since)) / 1000)}
    </time>
  )
}
