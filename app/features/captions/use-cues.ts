'use client'

import { useEffect, useRef, useState } from 'react'
import { isUnfinished } from '@/app/features/tasks/task-state'
import type { CaptionDto, CueDto, CuesDto } from '@/lib/captions/schema'

/** What is known of a track's cues; nothing, at first. */
export interface LoadedCues {
  captionId: string
  /** The revision that `cues` are of. */
  revision: number
  cues: readonly CueDto[]
  /** Behind it more may come; null when it is whole. */
  doneSeconds: number | null
}

export const NO_CUES: LoadedCues = { captionId: '', revision: -1, cues: [], doneSeconds: 0 }

/**
 * The cues of a track, growing while they are made: each time the live row says that there is something new,
 * what is not known yet is fetched. Nothing is fetched while it is not wanted.
 */
export function useCues(caption: CaptionDto | undefined, isWanted = true) {
  const [known, setKnown] = useState(NO_CUES)
  const newest = useRef(NO_CUES)
  const captionId = caption?.id
  const version = caption?.version
  useEffect(() => {
    if (!captionId || !isWanted) return
    const stop = new AbortController()
    if (newest.current.captionId !== captionId) newest.current = { ...NO_CUES, captionId }
    fetchNewCues(newest.current, { words: 'none', signal: stop.signal }).then(
      ({ known: next }) => {
        newest.current = next
        setKnown(next)
      },
      // The next change, or the live row's own repair, brings it.
      () => undefined,
    )
    return () => stop.abort()
  }, [captionId, version, isWanted])
  return known.captionId === captionId ? known : NO_CUES
}

/** @throws where the server does not answer, or has no such track */
export async function fetchNewCues(
  known: LoadedCues,
  asked: { words: 'all' | 'none'; signal?: AbortSignal },
) {
  const url = new URL(`/api/v1/captions/${known.captionId}/cues`, window.location.href)
  url.searchParams.set('words', asked.words)
  const last = known.cues.at(-1)
  if (last) {
    // A person may have added cues far behind what was heard so far.
    const after = Math.min(last.startSeconds, (known.doneSeconds ?? Number.POSITIVE_INFINITY) - 0.001)
    url.searchParams.set('after', String(after))
    url.searchParams.set('revision', String(known.revision))
  }
  const answer = await fetch(url, { signal: asked.signal })
  if (!answer.ok) throw new Error(`cues: ${answer.status}`)
  const told = (await answer.json()) as CuesDto
  return { known: applyCuesResponse(known, told), caption: told.caption }
}

const applyCuesResponse = (
  known: Pick<LoadedCues, 'cues'>,
  { caption, cues, isWhole }: CuesDto,
): LoadedCues => ({
  captionId: caption.id,
  revision: caption.revision,
  cues: isWhole ? cues : mergeNewCues(known.cues, cues),
  doneSeconds: isUnfinished(caption) ? caption.doneSeconds : null,
})

function mergeNewCues(known: readonly CueDto[], more: readonly CueDto[]) {
  const ids = new Set(known.map(({ id }) => id))
  const fresh = more.filter(({ id }) => !ids.has(id))
  const last = known.at(-1)
  const all = [...known, ...fresh]
  const isBehind = !last || fresh.every((cue) => cue.startSeconds >= last.startSeconds)
  return isBehind ? all : all.sort((one, other) => one.startSeconds - other.startSeconds)
}
