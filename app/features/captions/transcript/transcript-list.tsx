import { memo, type RefObject } from 'react'
import { formatTimestamp } from '@/app/ui/format'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/captions'
import type { CueRange } from '../find-in-cues'
import { areMarksEqual, type Mark, MarkedText } from '../marked-text'
import { speakerIntroducedAt } from '../speakers'

interface Props {
  container: RefObject<HTMLDivElement | null>
  cues: readonly CueDto[]
  currentIndex: number
  matches: readonly CueRange[][]
  matchIndex: number
  isGrowing: boolean
  onSelect(cue: CueDto): void
  onRenameSpeaker(speaker: string): void
}

/** One row per cue; selecting a row seeks to it, or to the phrase of the search in it. Speakers are named where they begin. */
export function TranscriptList({
  container,
  cues,
  currentIndex,
  matches,
  matchIndex,
  isGrowing,
  onSelect,
  onRenameSpeaker,
}: Props) {
  const marks = marksByCueIndex(matches, matchIndex)
  return (
    <div ref={container} className="relative grow overflow-y-auto overscroll-contain px-1.5 py-1.5">
      <ol aria-label={messages.transcript()} aria-busy={isGrowing}>
        {cues.map((cue, n) => (
          <TranscriptRow
            key={cue.id}
            cue={cue}
            speaker={speakerIntroducedAt(cues, n)}
            isCurrent={n === currentIndex}
            marks={marks.get(n)}
            onSelect={onSelect}
            onRenameSpeaker={onRenameSpeaker}
          />
        ))}
      </ol>
    </div>
  )
}

function marksByCueIndex(matches: readonly CueRange[][], matchIndex: number) {
  const marks = new Map<number, Mark[]>()
  matches.forEach((parts, n) => {
    for (const { cueIndex, from, to } of parts) {
      const mark = n === matchIndex ? 'current' : 'match'
      marks.set(cueIndex, [...(marks.get(cueIndex) ?? []), { from, to, mark }])
    }
  })
  return marks
}

interface RowProps {
  cue: CueDto
  /** Named above the cue. */
  speaker: string | null
  isCurrent: boolean
  marks?: Mark[]
  onSelect(cue: CueDto): void
  onRenameSpeaker(speaker: string): void
}

const TranscriptRow = memo(
  function TranscriptRow({ cue, speaker, isCurrent, marks = [], onSelect, onRenameSpeaker }: RowProps) {
    return (
      // Skips rendering of rows out of view: long transcripts have tens of thousands.
      <li className="[contain-intrinsic-size:auto_36px] [content-visibility:auto]">
        {speaker && (
          <button
            type="button"
            title={messages.renameSpeaker()}
            onClick={() => onRenameSpeaker(speaker)}
            className="mt-2 ms-[4.125rem] rounded-sm text-sm font-medium text-muted-foreground hover:text-foreground hover:underline"
          >
            {speaker}
          </button>
        )}
        <button
          type="button"
          data-cue={cue.id}
          aria-current={isCurrent ? 'true' : undefined}
          onClick={() => onSelect(cue)}
          className="flex w-full gap-3 rounded-md px-2.5 py-1.5 text-start -outline-offset-2 transition-colors duration-150 hover:bg-muted aria-[current]:bg-primary/10"
        >
          <span className="w-11 shrink-0 pt-px text-end text-sm text-muted-foreground tabular-nums">
            {formatTimestamp(Math.floor(cue.startSeconds))}
          </span>
          <span dir="auto" className="min-w-0 break-words whitespace-pre-line">
            <MarkedText text={cue.text} marks={marks} />
          </span>
        </button>
      </li>
    )
  },
  (one, other) =>
    one.cue === other.cue &&
    one.speaker === other.speaker &&
    one.onRenameSpeaker === other.onRenameSpeaker &&
    one.isCurrent === other.isCurrent &&
    one.onSelect === other.onSelect &&
    areMarksEqual(one.marks, other.marks),
)
