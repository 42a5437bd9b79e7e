import { Button } from '@/app/ui/button'
import { formatTimecode } from './timecode'
import type { Conflict } from './rebase'

const MAX_SHOWN = 4

interface Props {
  conflicts: readonly Conflict[]
  onResolve(keep: 'mine' | 'theirs'): void
}

/** Lists cues that were changed both here and elsewhere. Saving is paused until the user picks a side. */
export function ConflictResolver({ conflicts, onResolve }: Props) {
  if (conflicts.length === 0) return null
  return (
    <div role="alert" className="flex flex-col gap-2 border-b border-warning/50 bg-warning/10 p-3 text-sm">
      <p className="font-medium">
        {conflicts.length === 1 ? '1 cue was' : `${conflicts.length} cues were`} also changed elsewhere.
        Choose a version to continue saving.
      </p>
      <ul className="flex flex-col gap-2">
        {conflicts.slice(0, MAX_SHOWN).map(({ id, mine, theirs }) => (
          <li key={id} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2">
            <span className="text-muted-foreground">Mine</span>
            <ConflictSide cue={mine} />
            <span className="text-muted-foreground">Theirs</span>
            <ConflictSide cue={theirs} />
          </li>
        ))}
      </ul>
      {conflicts.length > MAX_SHOWN && <p>And {conflicts.length - MAX_SHOWN} more.</p>}
      <div className="flex gap-2">
        <Button size="sm" variant="default" onClick={() => onResolve('mine')}>
          Keep mine
        </Button>
        <Button size="sm" onClick={() => onResolve('theirs')}>
          Use theirs
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
      <span className="text-muted-foreground italic">Deleted</span>
    )}
  </span>
)
