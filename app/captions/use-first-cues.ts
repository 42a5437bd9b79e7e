'use client'

import { useCallback, useEffect, useState } from 'react'
import { fetchNewer, NO_CUES } from './use-cues'

export type FirstCues = Awaited<ReturnType<typeof fetchNewer>>

/** All cues of a track with their words, as they are now. Later changes are for whoever has them. */
export function useFirstCues(captionId: string) {
  const [first, setFirst] = useState<FirstCues>()
  const [tries, setTries] = useState(0)
  const [isMissing, setMissing] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    fetchNewer({ ...NO_CUES, captionId }, { words: 'all', signal: stop.signal }).then(setFirst, () =>
      setMissing(!stop.signal.aborted),
    )
    return () => stop.abort()
  }, [captionId, tries])
  const tryAgain = useCallback(() => (setMissing(false), setTries((now) => now + 1)), [])
  return { first: first?.known.captionId === captionId ? first : undefined, isMissing, tryAgain }
}
