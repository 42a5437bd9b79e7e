'use client'

import { useEffect } from 'react'

/** Registers the service worker. The app works without it, as in browsers and origins that do not support it. */
export function useServiceWorker() {
  useEffect(() => {
    // Absent where the page was not loaded by HTTPS or from this computer.
    navigator.serviceWorker?.register('/sw.js').catch(() => {})
  }, [])
}
