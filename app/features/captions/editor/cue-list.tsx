'use client'

import { memo, type RefObject, useCallback, useMemo, useRef } from 'react'
import { type Playhead, useCurrentCueIndex } from '@/app/features/player/playhead'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { listSpeakers, speakerIntroducedAt } from '../speakers'
import { useAutoScroll } from '../transcript/use-auto-scroll'
import { CueRow } from './cue-row'
import { SelectedCue } from './selected-cue'
import type { EditedDocument } from './use-editor-document'
import type { FindState } from './use-find'

interface Props {
  cues: readonly CueDto[]
  dispatch: EditedDocument['dispatch']
  playhead: Playhead
  /** Search matches, keyed by cue id. */
  marks: FindState['marks']
  matchedId: string | undefined
  selectedId: string | undefined
  select(id: string | undefined): void
  cursorRef: RefObject<number | null>
}

/** All cues, with an editor for the selected one. Scrolls to the selected, matched or playing cue, in this order. */
export const CueList = memo(function CueList(props: Props) {
  const { cues, dispatch, playhead, marks, matchedId, selectedId, select, cursorRef } = props
  const container = useRef<HTMLDivElement>(null)
  const playing = cues[useCurrentCueIndex(playhead, cues)]
  const { resume } = useAutoScroll(container, selectedId ?? matchedId ?? playing?.id)
  const speakers = useMemo(() => listSpeakers(cues), [cues])
  const change = useCallback(
    (id: string, edit: (cue: CueDto) => CueDto, burst?: string) =>
      dispatch({
        type: 'edit',
        burst,
        change: (all) => all.map((cue) => (cue.id === id ? edit(cue) : cue)),
      }),
    [dispatch],
  )
  const open = useCallback(
    (cue: CueDto) => {
      cursorRef.current = cue.text.length
      dispatch({ type: 'endBurst' })
      select(cue.id)
      resume()
      if (!playhead.read().isPlaying) playhead.seek(cue.startSeconds)
    },
    [dispatch, cursorRef, select, resume, playhead],
  )
  if (cues.length === 0)
    return (
      <p className="grid grow place-items-center p-6 text-center text-muted-foreground">
        {messages.noCues()}
      </p>
    )
  return (
    <div ref={container} className="relative grow overflow-y-auto overscroll-contain p-1.5">
      <ol aria-label={messages.cues()}>
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
                speakers={speakers}
                playhead={playhead}
                cursorRef={cursorRef}
                onChange={change}
                onDeselect={() => select(undefined)}
              />
            ) : (
              <CueRow
                cue={cue}
                speaker={speakerIntroducedAt(cues, n)}
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
