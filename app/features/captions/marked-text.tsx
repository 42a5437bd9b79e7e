import { splitByMarks } from './find-in-cues'

/** A range of a text that matches a search. */
export interface Mark {
  from: number
  to: number
  /** `current` is the match that the search has navigated to. */
  mark: 'current' | 'match'
}

const markClasses: Record<Mark['mark'], string> = {
  current: 'bg-primary text-primary-foreground',
  match: 'bg-primary/20 text-foreground',
}

/** A text with its search matches marked. */
export const MarkedText = ({ text, marks }: { text: string; marks: readonly Mark[] }) =>
  splitByMarks(text, marks).map((piece, n) =>
    piece.mark ? (
      // oxlint-disable-next-line react/no-array-index-key -- pieces of a text have no other key
      <mark key={n} className={`rounded-sm ${markClasses[piece.mark]}`}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  )

export const areMarksEqual = (one?: readonly Mark[], other?: readonly Mark[]) =>
  one === other || JSON.stringify(one) === JSON.stringify(other)
