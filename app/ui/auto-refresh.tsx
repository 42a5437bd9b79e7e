'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Renders the page on the server again every `everySeconds` while the tab is visible. */
export function AutoRefresh({ everySeconds }: { everySeconds: number }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => document.hidden || router.refresh(), everySeconds * 1000)
    return () => clearInterval(timer)
  }, [router, everySeconds])
  return null
}
