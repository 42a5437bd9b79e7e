'use client'

import { useCallback, useEffect, useState } from 'react'
import { fetchNewCues, NO_CUES } from './fetch-cues'

export type InitialCues = Awaited<ReturnType<typeof fetchNewCues>>

/** Fetches all cues of a track with their words, once. The caller applies later changes. */
export function useInitialCues(captionId: string) {
  const [initialCues, setInitialCues] = useState<InitialCues>()
  const [attempt, setAttempt] = useState(0)
  const [hasFailed, setFailed] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    fetchNewCues({ ...NO_CUES, captionId }, { words: 'all', signal: controller.signal }).then(
      setInitialCues,
      () => setFailed(!controller.signal.aborted),
    )
    return () => controller.abort()
  }, [captionId, attempt])
  const retry = useCallback(() => {
    setFailed(false)
    setAttempt((current) => current + 1)
  }, [])
  const isCurrent = initialCues?.loaded.captionId === captionId
  return { initialCues: isCurrent ? initialCues : undefined, hasFailed, retry }
}
