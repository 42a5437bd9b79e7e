'use client'

import { useEffect } from 'react'
import { registerServiceWorker } from '@/app/features/notifications/register-service-worker'

/** Registers the service worker. The app works without it, as in browsers and origins that do not support it. */
export function useServiceWorker() {
  useEffect(() => {
    void registerServiceWorker()
  }, [])
}
