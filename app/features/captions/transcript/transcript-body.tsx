'use client'

import { loadLater } from '@/app/ui/load-later'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { type Playhead, useCurrentCueIndex } from '@/app/features/player/playhead'
import { Button } from '@/app/ui/button'
import { Skeleton } from '@/app/ui/skeleton'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/captions'
import { findInCues } from '../find-in-cues'
import { listSpeakers } from '../speakers'
import { FindBar } from './find-bar'
import { TranscriptList } from './transcript-list'
import { useAutoScroll } from './use-auto-scroll'
import { usePhraseSeconds } from './use-phrase-seconds'

// Few visits need it.
const SpeakerDialog = loadLater(async () => (await import('./speaker-dialog')).SpeakerDialog)

interface Props {
  videoId: string
  cues: readonly CueDto[]
  playhead: Playhead
  /** More cues will be added. */
  isGrowing: boolean
  onRenameSpeaker(from: string, to: string): void
}

/** The cues and their search. Scrolls to the current match, or else to the cue that is playing. */
export function TranscriptBody({ videoId, cues, playhead, isGrowing, onRenameSpeaker }: Props) {
  const container = useRef<HTMLDivElement>(null)
  const [query, setQuery] = useState('')
  const [requestedMatch, setRequestedMatch] = useState(0)
  const [renamedSpeaker, setRenamedSpeaker] = useState<string | null>(null)
  const deferredQuery = useDeferredValue(query)
  const matches = useMemo(() => findInCues(cues, deferredQuery), [cues, deferredQuery])
  const matchIndex = Math.min(requestedMatch, matches.length - 1)
  const currentIndex = useCurrentCueIndex(playhead, cues)
  const isSearching = query.trim() !== ''
  const matchedCue = isSearching ? (matches[matchIndex]?.[0]?.cueIndex ?? -1) : currentIndex
  const { isFollowing, resume } = useAutoScroll(container, cues[matchedCue]?.id)
  const phraseSeconds = usePhraseSeconds({ videoId, query: deferredQuery })
  const select = useCallback(
    (cue: CueDto) => {
      playhead.seek(phraseSeconds.current.get(cue.id) ?? cue.startSeconds)
      resume()
    },
    [playhead, phraseSeconds, resume],
  )
  function goToMatch(offset: 1 | -1) {
    if (matches.length === 0) return
    setRequestedMatch((matchIndex + offset + matches.length) % matches.length)
    resume()
  }
  return (
    <>
      <FindBar
        query={query}
        count={matches.length}
        matchIndex={matchIndex}
        onQuery={(text) => {
          setQuery(text)
          setRequestedMatch(0)
          resume()
        }}
        onStep={goToMatch}
      />
      <div className="relative flex min-h-0 grow flex-col">
        <TranscriptList
          {...{ container, cues, currentIndex, matches, matchIndex, isGrowing }}
          onSelect={select}
          onRenameSpeaker={setRenamedSpeaker}
        />
        {!isFollowing && currentIndex >= 0 && (
          <Button
            size="sm"
            className="absolute inset-x-0 bottom-3 mx-auto w-fit shadow-lg"
            onClick={() => {
              setQuery('')
              resume()
            }}
          >
            {messages.jumpToCurrent()}
          </Button>
        )}
      </div>
      {renamedSpeaker && (
        <SpeakerDialog
          speaker={renamedSpeaker}
          others={listSpeakers(cues).filter((name) => name !== renamedSpeaker)}
          onClose={() => setRenamedSpeaker(null)}
          onRename={(to) => onRenameSpeaker(renamedSpeaker, to)}
        />
      )}
    </>
  )
}

export const TranscriptSkeleton = () => (
  <div role="status" className="flex flex-col gap-3 p-4">
    <span className="sr-only">{messages.loadingTranscript()}</span>
    {['w-3/4', 'w-5/6', 'w-2/3', 'w-4/5'].map((width) => (
      <Skeleton key={width} className={`h-4 ${width}`} />
    ))}
  </div>
)
