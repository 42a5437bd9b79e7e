'use client'

import { useEffect, useState } from 'react'
import { pushEvents, type PushState, readPushState } from './push-subscription'

/** The state of this browser; null until it is known. */
export function usePushState() {
  const [state, setState] = useState<PushState | null>(null)
  useEffect(() => {
    const read = () => void readPushState().then(setState)
    read()
    pushEvents.addEventListener('change', read)
    return () => pushEvents.removeEventListener('change', read)
  }, [])
  return state
}
