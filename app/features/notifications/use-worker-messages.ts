'use client'

import { useEffect } from 'react'

interface OpenMessage {
  type: 'open'
  /** A URL of this app. */
  href: string
}

/** Opens the page of a notification that was clicked: the service worker passes it to an open tab (public/sw.js). */
export function useWorkerMessages(open: (href: string) => void) {
  useEffect(() => {
    const onMessage = ({ data, ports }: MessageEvent<Partial<OpenMessage> | null>) => {
      if (data?.type !== 'open' || !data.href) return
      const { origin, pathname, search, hash } = new URL(data.href)
      if (origin !== window.location.origin) return
      ports[0]?.postMessage('opened')
      open(`${pathname}${search}${hash}`)
    }
    navigator.serviceWorker?.addEventListener('message', onMessage)
    return () => navigator.serviceWorker?.removeEventListener('message', onMessage)
  }, [open])
}
