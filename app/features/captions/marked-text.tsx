import { splitByMarks } from './find-in-cues'

/** A part of a text that was looked for; `chosen` is the one that is shown. */
export interface Mark {
  from: number
  to: number
  mark: 'chosen' | 'found'
}

/** A text with what was found in it. */
export const MarkedText = ({ text, marks }: { text: string; marks: readonly Mark[] }) =>
  splitByMarks(text, marks).map((piece, n) =>
    piece.mark ? (
      <mark
        // oxlint-disable-next-line react/no-array-index-key -- pieces of one text have no other name
        key={n}
        className={`rounded-sm ${piece.mark === 'chosen' ? 'bg-primary text-primary-foreground' : 'bg-primary/20 text-foreground'}`}
      >
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  )

export const areMarksEqual = (one?: readonly Mark[], other?: readonly Mark[]) =>
  one === other || JSON.stringify(one) === JSON.stringify(other)
