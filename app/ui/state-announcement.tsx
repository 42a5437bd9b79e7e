'use client'

import { useEffect, useRef, useState } from 'react'
import { createAnnouncer, newestText } from './announcer'

/** Announces a text that often changes, such as the number of matches of a search; at most ten times a minute. */
export function StateAnnouncement({ text }: { text: string }) {
  const [announced, setAnnounced] = useState('')
  const announcer = useRef<ReturnType<typeof createAnnouncer>>(undefined)
  useEffect(() => {
    announcer.current = createAnnouncer({ publish: setAnnounced, summarize: newestText })
    return () => announcer.current?.stop()
  }, [])
  useEffect(() => announcer.current?.announce([text]), [text])
  return (
    <span role="status" className="sr-only">
      {announced}
    </span>
  )
}
