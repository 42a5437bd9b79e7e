import { memo, type RefObject } from 'react'
import { clockText } from '@/app/components/words'
import type { CueDto } from '@/lib/captions/contract'
import type { CuePart } from '../find-in-cues'
import { isSameMarks, type Mark, MarkedText } from '../marked-text'

interface Given {
  box: RefObject<HTMLDivElement | null>
  cues: readonly CueDto[]
  currentIndex: number
  matches: readonly CuePart[][]
  matchIndex: number
  isGrowing: boolean
  onChoose(cue: CueDto): void
}

/** What is said, a line for each cue; a line leads to its moment. */
export function CueLines({ box, cues, currentIndex, matches, matchIndex, isGrowing, onChoose }: Given) {
  const marks = marksOf(matches, matchIndex)
  return (
    <div ref={box} className="relative grow overflow-y-auto overscroll-contain px-1.5 py-1.5">
      <ol aria-label="Transcript" aria-busy={isGrowing}>
        {cues.map((cue, n) => (
          <Line
            key={cue.id}
            cue={cue}
            isCurrent={n === currentIndex}
            marks={marks.get(n)}
            onChoose={onChoose}
          />
        ))}
      </ol>
    </div>
  )
}

function marksOf(matches: readonly CuePart[][], matchIndex: number) {
  const marks = new Map<number, Mark[]>()
  matches.forEach((parts, n) => {
    for (const { cueIndex, from, to } of parts) {
      const mark = n === matchIndex ? 'chosen' : 'found'
      marks.set(cueIndex, [...(marks.get(cueIndex) ?? []), { from, to, mark }])
    }
  })
  return marks
}

interface LineGiven {
  cue: CueDto
  isCurrent: boolean
  marks?: Mark[]
  onChoose(cue: CueDto): void
}

const Line = memo(
  function Line({ cue, isCurrent, marks = [], onChoose }: LineGiven) {
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
            {clockText(Math.floor(cue.startSeconds))}
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
    one.onChoose === other.onChoose &&
    isSameMarks(one.marks, other.marks),
)
