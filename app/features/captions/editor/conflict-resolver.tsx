import { Button } from '@/app/ui/button'
import { formatTimecode } from './timecode'
import type { Conflict } from './rebase'

const MAX_SHOWN = 4

/** What was changed here and elsewhere, each its own way. Nothing is stored until it is chosen. */
export function ConflictResolver({
  clashes,
  onChoose,
}: {
  clashes: readonly Conflict[]
  onChoose(keep: 'mine' | 'theirs'): void
}) {
  if (clashes.length === 0) return null
  return (
    <div role="alert" className="flex flex-col gap-2 border-b border-warning/50 bg-warning/10 p-3 text-sm">
      <p className="font-medium">
        {clashes.length === 1 ? 'A cue was' : `${clashes.length} cues were`} changed elsewhere while you
        changed {clashes.length === 1 ? 'it' : 'them'} here. Nothing is saved until you choose.
      </p>
      <ul className="flex flex-col gap-2">
        {clashes.slice(0, MAX_SHOWN).map(({ id, mine, theirs }) => (
          <li key={id} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2">
            <span className="text-muted-foreground">Here</span>
            <ConflictSide cue={mine} />
            <span className="text-muted-foreground">There</span>
            <ConflictSide cue={theirs} />
          </li>
        ))}
      </ul>
      {clashes.length > MAX_SHOWN && <p>And {clashes.length - MAX_SHOWN} more.</p>}
      <div className="flex gap-2">
        <Button size="sm" variant="default" onClick={() => onChoose('mine')}>
          Keep what is here
        </Button>
        <Button size="sm" onClick={() => onChoose('theirs')}>
          Take what is there
        </Button>
      </div>
    </div>
  )
}

const ConflictSide = ({ cue }: { cue: Conflict['mine'] }) => (
  <span className="min-w-0 break-words">
    {cue ? (
      <>
        <span className="text-muted-foreground tabular-nums">{formatTimecode(cue.startSeconds)}</span>{' '}
        {cue.text}
      </>
    ) : (
      <span className="text-muted-foreground italic">deleted</span>
    )}
  </span>
)
