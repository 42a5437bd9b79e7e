'use client'

import { useCallback, useEffect, useState } from 'react'
import { fetchNewCues, NO_CUES } from './use-cues'

export type InitialCues = Awaited<ReturnType<typeof fetchNewCues>>

/** All cues of a track with their words, as they are now. Later changes are for whoever has them. */
export function useInitialCues(captionId: string) {
  const [first, setFirst] = useState<InitialCues>()
  const [tries, setTries] = useState(0)
  const [isMissing, setMissing] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    fetchNewCues({ ...NO_CUES, captionId }, { words: 'all', signal: stop.signal }).then(setFirst, () =>
      setMissing(!stop.signal.aborted),
    )
    return () => stop.abort()
  }, [captionId, tries])
  const tryAgain = useCallback(() => (setMissing(false), setTries((now) => now + 1)), [])
  return { first: first?.known.captionId === captionId ? first : undefined, isMissing, tryAgain }
}
