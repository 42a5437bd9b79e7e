import { Sparkles } from 'lucide-react'
import { memo } from 'react'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { splitByMarks } from '../find-in-cues'
import { areMarksEqual, type Mark, MarkedText } from '../marked-text'
import { formatTimecode } from './timecode'
import { findLowConfidenceWords } from './low-confidence'

interface Props {
  cue: CueDto
  /** Named before the text. */
  speaker: string | null
  isPlaying: boolean
  /** Search matches in its text. */
  marks?: readonly Mark[]
  onSelect(cue: CueDto): void
}

/** A cue that is not selected. Low-confidence words are underlined. */
export const CueRow = memo(function CueRow({ cue, speaker, isPlaying, marks, onSelect }: Props) {
  return (
    <button
      type="button"
      aria-current={isPlaying ? 'true' : undefined}
      onClick={() => onSelect(cue)}
      className="flex w-full gap-3 rounded-md px-2.5 py-1.5 text-start -outline-offset-2 hover:bg-muted aria-[current]:bg-primary/10"
    >
      <span className="w-14 shrink-0 pt-px text-end text-sm text-muted-foreground tabular-nums">
        {formatTimecode(cue.startSeconds)}
      </span>
      <span dir="auto" className="min-w-0 grow break-words whitespace-pre-line">
        {speaker && <span className="me-1.5 font-medium text-muted-foreground">{speaker}:</span>}
        {cue.text === '' && <span className="text-muted-foreground italic">{messages.emptyCue()}</span>}
        {marks ? <MarkedText text={cue.text} marks={marks} /> : <LowConfidenceText cue={cue} />}
      </span>
      {cue.alternative !== null && (
        <Sparkles
          role="img"
          aria-label={messages.differsInTranscription()}
          className="mt-1 size-3.5 shrink-0 text-warning"
        />
      )}
    </button>
  )
}, arePropsEqual)

function arePropsEqual(one: Props, other: Props) {
  return (
    one.cue === other.cue &&
    one.speaker === other.speaker &&
    one.isPlaying === other.isPlaying &&
    one.onSelect === other.onSelect &&
    areMarksEqual(one.marks, other.marks)
  )
}

const LowConfidenceText = ({ cue }: Pick<Props, 'cue'>) =>
  splitByMarks(
    cue.text,
    findLowConfidenceWords(cue).map((word) => ({ ...word, mark: true })),
  ).map(({ text, mark }, n) =>
    mark ? (
      <span
        // oxlint-disable-next-line react/no-array-index-key -- pieces of a text have no other key
        key={n}
        title={messages.lowConfidenceWord()}
        className="underline decoration-warning decoration-wavy decoration-1 underline-offset-4"
      >
        {text}
      </span>
    ) : (
      text
    ),
  )
