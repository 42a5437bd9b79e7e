'use client'

import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "3 minutes ago", with the exact time on hover. Counts on by itself. */
export function RelativeTime({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  const date = new Date(at)
  return (
    <time dateTime={at} title={date.toLocaleString()} suppressHydrationWarning>
      {formatRelativeTime(date, now)}
    </time>
  )
}

function formatRelativeTime(date: Date, now: number) {
  const elapsedMs = now - date.getTime()
  if (elapsedMs > 6 * 86_400_000)
    return date.toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric' })
  const step = units.find(([, sizeMs]) => elapsedMs >= sizeMs)
  return step ? relative.format(-Math.floor(elapsedMs / step[1]), step[0]) : 'just now'
}
