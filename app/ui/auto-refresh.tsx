'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Has the server render the page again, now and then, while it is looked at. */
export function AutoRefresh({ everySeconds }: { everySeconds: number }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => document.hidden || router.refresh(), everySeconds * 1000)
    return () => clearInterval(timer)
  }, [router, everySeconds])
  return null
}
