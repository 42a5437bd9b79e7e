'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { formatDuration } from '@/app/ui/format'
import type { Playhead } from '@/app/features/player/playhead'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { SpeakerNames } from '../transcript/speaker-dialog'
import { updateCue, moveCueEnd, moveCueStart } from './cue-edits'
import { TimecodeInput } from './timecode-input'
import { findLowConfidenceWords } from './low-confidence'

interface Props {
  cue: CueDto
  next?: CueDto
  /** Of all cues. */
  speakers: readonly string[]
  playhead: Playhead
  /** The text cursor: read when the cue is selected (null leaves the focus alone), then kept up to date. */
  cursorRef: RefObject<number | null>
  onChange(id: string, edit: (cue: CueDto) => CueDto, burst?: string): void
  onDeselect(): void
}

/** The editor of one cue: text, times, speaker and, if it differs, the new transcription. */
export function SelectedCue({ cue, next, speakers, playhead, cursorRef, onChange, onDeselect }: Props) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const element = field.current
    if (!element || cursorRef.current === null) return
    element.focus({ preventScroll: true })
    element.setSelectionRange(cursorRef.current, cursorRef.current)
  }, [cue.id, cursorRef])
  const change = (edit: (one: CueDto) => CueDto) => onChange(cue.id, edit)
  return (
    <div className="flex flex-col gap-2 rounded-md border border-primary/60 bg-primary/5 p-2.5">
      <textarea
        ref={field}
        dir="auto"
        aria-label={messages.cueText()}
        rows={2}
        maxLength={2_000}
        className="field-sizing-content min-h-14 w-full resize-none rounded border bg-card px-2.5 py-1.5 max-sm:text-lg"
        value={cue.text}
        onChange={({ currentTarget: { value } }) =>
          onChange(cue.id, (one) => updateCue(one, { text: value }), `text ${cue.id}`)
        }
        onSelect={(event) => (cursorRef.current = event.currentTarget.selectionStart)}
        onKeyDown={(event) => event.key === 'Escape' && onDeselect()}
      />
      <div className="flex flex-wrap items-center gap-2 text-sm text-muted-foreground tabular-nums">
        <TimecodeInput
          label={messages.cueStart()}
          seconds={cue.startSeconds}
          onChange={(seconds) => change((one) => moveCueStart(one, seconds))}
        />
        <span aria-hidden>–</span>
        <TimecodeInput
          label={messages.cueEnd()}
          seconds={cue.endSeconds}
          onChange={(seconds) => change((one) => moveCueEnd(one, seconds))}
        />
        <span>{formatDuration(cue.endSeconds - cue.startSeconds)}</span>
        <Input
          aria-label={messages.speaker()}
          placeholder={messages.speaker()}
          list="cue-speakers"
          maxLength={100}
          className="h-7! w-36! px-2! text-sm max-sm:h-10!"
          value={cue.speaker ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange(
              cue.id,
              (one) => updateCue(one, { speaker: value.trim() === '' ? null : value }),
              `speaker ${cue.id}`,
            )
          }
        />
        <SpeakerNames id="cue-speakers" names={speakers} />
        {next && cue.endSeconds > next.startSeconds && (
          <span className="text-warning">{messages.overlapsNext()}</span>
        )}
      </div>
      <LowConfidenceWords cue={cue} playhead={playhead} />
      {cue.alternative !== null && (
        <div className="flex flex-col gap-1.5 rounded border border-warning/50 px-2.5 py-2 text-sm">
          <p>
            {messages.newTranscription({
              text: cue.alternative,
              quote: (children) => (
                <span dir="auto" className="font-medium">
                  {children}
                </span>
              ),
            })}
          </p>
          <div className="flex gap-2">
            <Button
              size="sm"
              onClick={() =>
                change((one) => updateCue(one, { text: one.alternative ?? one.text, alternative: null }))
              }
            >
              {messages.useThis()}
            </Button>
            <Button
              size="sm"
              variant="ghost"
              onClick={() => change((one) => updateCue(one, { alternative: null }))}
            >
              {messages.keepMine()}
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}

function LowConfidenceWords({ cue, playhead }: { cue: CueDto; playhead: Playhead }) {
  const words = findLowConfidenceWords(cue)
  if (words.length === 0) return null
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted-foreground">
      {messages.lowConfidence()}
      {words.map(({ from, to, startSeconds }) => (
        <button
          key={from}
          type="button"
          title={messages.playFromWord()}
          className="rounded-sm text-foreground underline decoration-warning decoration-wavy decoration-1 underline-offset-4"
          onClick={() => {
            playhead.seek(startSeconds)
            playhead.play()
          }}
        >
          {cue.text.slice(from, to)}
        </button>
      ))}
    </p>
  )
}
