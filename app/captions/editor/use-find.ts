'use client'

import { useDeferredValue, useMemo, useState } from 'react'
import type { CueDto } from '@/lib/captions/contract'
import type { Mark } from '../marked-text'
import { type Found, findText } from './cue-edits'

const NOTHING = { text: '', isCaseKept: false, index: 0 }

/** What is looked for in all cues, and which place of it is shown. Nothing is while it is not `isOpen`. */
export function useFind(cues: readonly CueDto[], isOpen: boolean) {
  const [wanted, setWanted] = useState(NOTHING)
  const { text, isCaseKept } = wanted
  // Typing goes before finding in tens of thousands of cues.
  const searched = useDeferredValue(isOpen ? text : '')
  const places = useMemo(() => findText(cues, { text: searched, isCaseKept }), [cues, searched, isCaseKept])
  const index = Math.min(wanted.index, places.length - 1)
  const shown = places[index]
  const marks = useMemo(() => marksOf(places, shown), [places, shown])
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

export type Find = ReturnType<typeof useFind>

function marksOf(places: readonly Found[], shown: Found | undefined) {
  const marks = new Map<string, Mark[]>()
  for (const place of places) {
    const mark = { from: place.from, to: place.to, mark: place === shown ? 'chosen' : 'found' } as const
    const own = marks.get(place.cueId)
    if (own) own.push(mark)
    else marks.set(place.cueId, [mark])
  }
  return marks
}
