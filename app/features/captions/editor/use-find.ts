'use client'

import { useDeferredValue, useMemo, useState } from 'react'
import type { CueDto } from '@/lib/captions/schema'
import type { Mark } from '../marked-text'
import { type TextMatch, findTextMatches } from './cue-edits'

const EMPTY_SEARCH = { text: '', isCaseKept: false, index: 0 }

/** What is looked for in all cues, and which place of it is shown. Nothing is while it is not `isOpen`. */
export function useFind(cues: readonly CueDto[], isOpen: boolean) {
  const [wanted, setWanted] = useState(EMPTY_SEARCH)
  const { text, isCaseKept } = wanted
  // Typing goes before finding in tens of thousands of cues.
  const searched = useDeferredValue(isOpen ? text : '')
  const places = useMemo(
    () => findTextMatches(cues, { text: searched, isCaseKept }),
    [cues, searched, isCaseKept],
  )
  const index = Math.min(wanted.index, places.length - 1)
  const shown = places[index]
  const marks = useMemo(() => marksByCue(places, shown), [places, shown])
  return {
    text,
    isCaseKept,
    places,
    index,
    shown,
    /** By the id of the cue. */
    marks,
    look: (change: Partial<Pick<typeof wanted, 'text' | 'isCaseKept'>>) =>
      setWanted((now) => ({ ...now, ...change, index: 0 })),
    step(way: 1 | -1) {
      const { length } = places
      if (length > 0) setWanted((now) => ({ ...now, index: (index + way + length) % length }))
    },
  }
}

export type FindState = ReturnType<typeof useFind>

function marksByCue(places: readonly TextMatch[], shown: TextMatch | undefined) {
  const marks = new Map<string, Mark[]>()
  for (const place of places) {
    const mark = { from: place.from, to: place.to, mark: place === shown ? 'chosen' : 'found' } as const
    const own = marks.get(place.cueId)
    if (own) own.push(mark)
    else marks.set(place.cueId, [mark])
  }
  return marks
}
