'use client'

import { useEffect } from 'react'

/** Makes the browser ask before leaving the page while data would be lost. */
export function useBeforeunload(isEnabled: boolean) {
  useEffect(() => {
    if (!isEnabled) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isEnabled])
}
