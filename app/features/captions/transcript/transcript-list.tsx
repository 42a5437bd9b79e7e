import { memo, type RefObject } from 'react'
import { formatTimestamp } from '@/app/ui/format'
import type { CueDto } from '@/lib/captions/schema'
import type { CueRange } from '../find-in-cues'
import { areMarksEqual, type Mark, MarkedText } from '../marked-text'

interface Props {
  box: RefObject<HTMLDivElement | null>
  cues: readonly CueDto[]
  currentIndex: number
  matches: readonly CueRange[][]
  matchIndex: number
  isGrowing: boolean
  onSelect(cue: CueDto): void
}

/** What is said, a line for each cue; a line leads to its moment. */
export function TranscriptList({
  box,
  cues,
  currentIndex,
  matches,
  matchIndex,
  isGrowing,
  onSelect: onChoose,
}: Props) {
  const marks = marksByCueIndex(matches, matchIndex)
  return (
    <div ref={box} className="relative grow overflow-y-auto overscroll-contain px-1.5 py-1.5">
      <ol aria-label="Transcript" aria-busy={isGrowing}>
        {cues.map((cue, n) => (
          <TranscriptRow
            key={cue.id}
            cue={cue}
            isCurrent={n === currentIndex}
            marks={marks.get(n)}
            onSelect={onChoose}
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
      const mark = n === matchIndex ? 'chosen' : 'found'
      marks.set(cueIndex, [...(marks.get(cueIndex) ?? []), { from, to, mark }])
    }
  })
  return marks
}

interface RowProps {
  cue: CueDto
  isCurrent: boolean
  marks?: Mark[]
  onSelect(cue: CueDto): void
}

const TranscriptRow = memo(
  function Line({ cue, isCurrent, marks = [], onSelect: onChoose }: RowProps) {
    return (
      // Rows out of sight cost nothing: a day of talk has tens of thousands.
      <li className="[contain-intrinsic-size:auto_36px] [content-visibility:auto]">
        <button
          type="button"
          data-cue={cue.id}
          aria-current={isCurrent ? 'true' : undefined}
          onClick={() => onChoose(cue)}
          className="flex w-full gap-3 rounded-md px-2.5 py-1.5 text-left -outline-offset-2 transition-colors duration-150 hover:bg-muted aria-[current]:bg-primary/10"
        >
          <span className="w-11 shrink-0 pt-px text-right text-sm text-muted-foreground tabular-nums">
            {formatTimestamp(Math.floor(cue.startSeconds))}
          </span>
          <span className="min-w-0 break-words whitespace-pre-line">
            <MarkedText text={cue.text} marks={marks} />
          </span>
        </button>
      </li>
    )
  },
  (one, other) =>
    one.cue === other.cue &&
    one.isCurrent === other.isCurrent &&
    one.onSelect === other.onSelect &&
    areMarksEqual(one.marks, other.marks),
)
