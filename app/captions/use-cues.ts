'use client'

import { useEffect, useRef, useState } from 'react'
import type { CaptionDto, CueDto, CuesDto } from '@/lib/captions/contract'

interface Known {
  captionId: string
  /** The revision that `cues` are of. */
  revision: number
  cues: readonly CueDto[]
}

const NONE: Known = { captionId: '', revision: -1, cues: [] }

/**
 * The cues of a track, growing while they are made: each time the live row says that there is something new,
 * what is not known yet is fetched. Nothing is fetched while it is not wanted.
 */
export function useCues(caption: CaptionDto | undefined, isWanted = true) {
  const [known, setKnown] = useState(NONE)
  const newest = useRef(NONE)
  const captionId = caption?.id
  const version = caption?.version
  useEffect(() => {
    if (!captionId || !isWanted) return
    const stop = new AbortController()
    if (newest.current.captionId !== captionId) newest.current = { ...NONE, captionId }
    fetchNewer(newest.current, stop.signal).then(
      (next) => {
        newest.current = next
        setKnown(next)
      },
      // The next change, or the live row's own repair, brings it.
      () => undefined,
    )
    return () => stop.abort()
  }, [captionId, version, isWanted])
  return known.captionId === captionId ? known : NONE
}

async function fetchNewer(known: Known, signal: AbortSignal): Promise<Known> {
  const url = new URL(`/api/v1/captions/${known.captionId}/cues`, window.location.href)
  const last = known.cues.at(-1)
  if (last) {
    url.searchParams.set('after', String(last.startSeconds))
    url.searchParams.set('revision', String(known.revision))
  }
  const answer = await fetch(url, { signal })
  if (!answer.ok) throw new Error(`cues: ${answer.status}`)
  const { caption, cues, isWhole } = (await answer.json()) as CuesDto
  return {
    captionId: caption.id,
    revision: caption.revision,
    cues: isWhole ? cues : [...known.cues, ...cues],
  }
}
