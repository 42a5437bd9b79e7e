'use client'

import { useDeferredValue, useMemo, useState } from 'react'
import type { CueDto } from '@/lib/captions/schema'
import type { Mark } from '../marked-text'
import { findTextMatches, type TextMatch } from './cue-edits'

const EMPTY_QUERY = { text: '', isCaseSensitive: false, index: 0 }

/** Finds a text in all cues and tracks the current match. Returns no matches unless `isOpen`. */
export function useFind(cues: readonly CueDto[], isOpen: boolean) {
  const [query, setQuery] = useState(EMPTY_QUERY)
  const { text, isCaseSensitive } = query
  // Keeps typing responsive while tens of thousands of cues are searched.
  const deferredText = useDeferredValue(isOpen ? text : '')
  const matches = useMemo(
    () => findTextMatches(cues, { text: deferredText, isCaseSensitive }),
    [cues, deferredText, isCaseSensitive],
  )
  const index = Math.min(query.index, matches.length - 1)
  const currentMatch = matches[index]
  const marks = useMemo(() => groupMarksByCue(matches, currentMatch), [matches, currentMatch])
  return {
    text,
    isCaseSensitive,
    matches,
    index,
    currentMatch,
    /** Keyed by cue id. */
    marks,
    setQuery: (changes: Partial<Pick<typeof query, 'text' | 'isCaseSensitive'>>) =>
      setQuery((current) => ({ ...current, ...changes, index: 0 })),
    goToMatch(offset: 1 | -1) {
      const { length } = matches
      if (length > 0) setQuery((current) => ({ ...current, index: (index + offset + length) % length }))
    },
  }
}

export type FindState = ReturnType<typeof useFind>

function groupMarksByCue(matches: readonly TextMatch[], currentMatch: TextMatch | undefined) {
  const marks = new Map<string, Mark[]>()
  for (const match of matches) {
    const mark = {
      from: match.from,
      to: match.to,
      mark: match === currentMatch ? 'current' : 'match',
    } as const
    const cueMarks = marks.get(match.cueId)
    if (cueMarks) cueMarks.push(mark)
    else marks.set(match.cueId, [mark])
  }
  return marks
}
