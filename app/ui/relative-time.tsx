'use client'

import { formatDate, formatExactTime } from './format'
import { useNow } from './use-now'

const UPDATE_INTERVAL_MS = 30_000
const DAY_MS = 86_400_000

const relativeTime = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const units = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "3 minutes ago", kept up to date, with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(UPDATE_INTERVAL_MS)
  return (
    <time dateTime={at} title={formatExactTime(at)} suppressHydrationWarning>
      {formatRelativeTime(new Date(at), now)}
    </time>
  )
}

function formatRelativeTime(date: Date, now: number) {
  const elapsedMs = now - date.getTime()
  if (elapsedMs > 6 * DAY_MS) return formatDate(date)
  const unit = units.find(([, unitMs]) => elapsedMs >= unitMs)
  return unit ? relativeTime.format(-Math.floor(elapsedMs / unit[1]), unit[0]) : 'just now'
}
