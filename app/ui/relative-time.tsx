'use client'

import { DAY_MS } from '@/lib/durations'
import * as messages from '@/lib/generated/messages/ui'
import { getLocale } from '@/lib/i18n/locale'
import { memoize } from '@/lib/i18n/memoize'
import { useDateFormat } from './date-time'
import { useNow } from './use-now'

const UPDATE_INTERVAL_MS = 30_000

const relativeTimeFormat = memoize((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }))
const units = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** "3 minutes ago", kept up to date, with the exact time on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(UPDATE_INTERVAL_MS)
  const format = useDateFormat()
  return (
    <time dateTime={at} title={format(at, 'second')} suppressHydrationWarning>
      {formatRelativeTime(now - Date.parse(at)) ?? format(at, 'date')}
    </time>
  )
}

/** Null if it is more than six days. */
function formatRelativeTime(elapsedMs: number) {
  if (elapsedMs > 6 * DAY_MS) return null
  const unit = units.find(([, unitMs]) => elapsedMs >= unitMs)
  return unit
    ? relativeTimeFormat(getLocale()).format(-Math.floor(elapsedMs / unit[1]), unit[0])
    : messages.justNow()
}
