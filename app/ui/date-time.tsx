'use client'

import { useSyncExternalStore } from 'react'
import { type DateStyle, formatDate } from './format'

const neverChanges = () => () => undefined
const SERVER_ZONE = { locale: 'en-GB', timeZone: 'UTC' }

/** Formats times in the locale and time zone of the browser; in English and UTC until the page is hydrated. */
export function useDateFormat() {
  const isHydrated = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
  return (at: string | Date, style?: DateStyle) => formatDate(at, style, isHydrated ? undefined : SERVER_ZONE)
}

/** A time such as "28 Nov 2026, 14:05". */
export function DateTime({ at, style, className }: { at: string; style?: DateStyle; className?: string }) {
  const format = useDateFormat()
  return (
    <time dateTime={at} className={className}>
      {format(at, style)}
    </time>
  )
}
