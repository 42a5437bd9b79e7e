'use client'

import { memo, type RefObject, useCallback, useRef } from 'react'
import { type Playhead, useCurrentCueIndex } from '@/app/features/player/playhead'
import type { CueDto } from '@/lib/captions/schema'
import { useAutoScroll } from '../transcript/use-auto-scroll'
import { CueRow } from './cue-row'
import { SelectedCue } from './selected-cue'
import type { EditedDocument } from './use-editor-document'
import type { FindState } from './use-find'

interface Props {
  cues: readonly CueDto[]
  act: EditedDocument['act']
  playhead: Playhead
  /** What was looked for, by the id of the cue. */
  marks: FindState['marks']
  matchedId: string | undefined
  selectedId: string | undefined
  select(id: string | undefined): void
  cursorRef: RefObject<number | null>
}

/** All cues; the one that is selected is open. It follows that one, else what was found, else what is playing. */
export const CueList = memo(function CueList(given: Props) {
  const { cues, act, playhead, marks, matchedId: foundId, selectedId, select, cursorRef } = given
  const box = useRef<HTMLDivElement>(null)
  const playing = cues[useCurrentCueIndex(playhead, cues)]
  const { follow } = useAutoScroll(box, selectedId ?? foundId ?? playing?.id)
  const change = useCallback(
    (id: string, to: (cue: CueDto) => CueDto, burst?: string) =>
      act({ type: 'edit', burst, change: (all) => all.map((cue) => (cue.id === id ? to(cue) : cue)) }),
    [act],
  )
  const open = useCallback(
    (cue: CueDto) => {
      cursorRef.current = cue.text.length
      act({ type: 'pause' })
      select(cue.id)
      follow()
      if (!playhead.read().isPlaying) playhead.seek(cue.startSeconds)
    },
    [act, cursorRef, select, follow, playhead],
  )
  if (cues.length === 0)
    return (
      <p className="grid grow place-items-center p-6 text-center text-muted-foreground">
        There are no cues yet. Add the first where the video stands.
      </p>
    )
  return (
    <div ref={box} className="relative grow overflow-y-auto overscroll-contain p-1.5">
      <ol aria-label="Cues">
        {cues.map((cue, n) => (
          <li
            key={cue.id}
            data-cue={cue.id}
            className={
              cue.id === selectedId ? 'py-1' : '[contain-intrinsic-size:auto_36px] [content-visibility:auto]'
            }
          >
            {cue.id === selectedId ? (
              <SelectedCue
                cue={cue}
                next={cues[n + 1]}
                playhead={playhead}
                cursorRef={cursorRef}
                onChange={change}
                onDeselect={() => select(undefined)}
              />
            ) : (
              <CueRow
                cue={cue}
                isPlaying={cue.id === playing?.id}
                marks={marks.get(cue.id)}
                onSelect={open}
              />
            )}
          </li>
        ))}
      </ol>
    </div>
  )
})
