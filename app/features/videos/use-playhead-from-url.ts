'use client'

import { useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { createPlayhead } from '@/app/features/player/playhead'

/** Follows the position and caption track in the URL (`?t=12.3&track=ID`). */
export function usePlayheadFromUrl() {
  const params = useSearchParams()
  const [t, track] = [params.get('t'), params.get('track') ?? undefined]
  const seconds = t === null ? Number.NaN : Number(t)
  const [playhead] = useState(() => createPlayhead(seconds > 0 ? seconds : 0))
  const [trackId, setTrackId] = useState(track)
  useEffect(() => {
    if (!(seconds >= 0)) return
    playhead.seek(seconds)
    setTrackId(track)
    // Cleared so that following the same link again is a change.
    window.history.replaceState(null, '', window.location.pathname)
  }, [playhead, seconds, track])
  return { playhead, trackId }
}
