'use client'

import { useSyncExternalStore } from 'react'
import { currentAnnouncement } from './announcements'

/** The live region for events. Mounted once, in the layout. */
export function AnnouncementRegion() {
  const { subscribe, read, readOnServer } = currentAnnouncement
  return (
    <p aria-live="polite" data-testid="announcements" className="sr-only whitespace-pre-line">
      {useSyncExternalStore(subscribe, read, readOnServer)}
    </p>
  )
}
