'use client'

import { useSyncExternalStore } from 'react'
import { type DateStyle, formatDate, formatServerDate } from './format'

const neverChanges = () => () => undefined

/** Formats times for the region and time zone of the browser; for those of the server until the page is hydrated. */
export function useDateFormat() {
  const isHydrated = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
  return isHydrated ? formatDate : formatServerDate
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
