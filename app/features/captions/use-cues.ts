'use client'

import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { CaptionDto } from '@/lib/captions/schema'
import { createCueStore } from './cue-store'
import { fetchNewCues, NO_CUES } from './fetch-cues'

const store = createCueStore((known, options) => fetchNewCues(known, { words: 'none', ...options }))

/**
 * Returns the cues of a track. Fetches what is new whenever the version of the live row changes, for example while the
 * track is being transcribed, once for all that show the track. Returns and fetches none while `isEnabled` is false.
 */
export function useCues(caption: CaptionDto | undefined, { isEnabled = true } = {}) {
  const captionId = isEnabled ? caption?.id : undefined
  const version = caption?.version
  const subscribe = useCallback(
    (onChange: () => void) => (captionId ? store.subscribe(captionId, onChange) : () => undefined),
    [captionId],
  )
  const read = () => (captionId ? store.read(captionId) : NO_CUES)
  const loaded = useSyncExternalStore(subscribe, read, () => NO_CUES)
  useEffect(() => {
    if (captionId && version !== undefined) store.load(captionId, version)
  }, [captionId, version])
  return loaded
}
