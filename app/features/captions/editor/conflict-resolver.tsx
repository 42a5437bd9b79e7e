import { Button } from '@/app/ui/button'
import * as messages from '@/lib/generated/messages/caption-editor'
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
      <p className="font-medium">{messages.conflicts({ count: conflicts.length })}</p>
      <ul className="flex flex-col gap-2">
        {conflicts.slice(0, MAX_SHOWN).map(({ id, mine, theirs }) => (
          <li key={id} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2">
            <span className="text-muted-foreground">{messages.mine()}</span>
            <ConflictSide cue={mine} />
            <span className="text-muted-foreground">{messages.theirs()}</span>
            <ConflictSide cue={theirs} />
          </li>
        ))}
      </ul>
      {conflicts.length > MAX_SHOWN && (
        <p>{messages.moreConflicts({ count: conflicts.length - MAX_SHOWN })}</p>
      )}
      <div className="flex gap-2">
        <Button size="sm" variant="default" onClick={() => onResolve('mine')}>
          {messages.keepMine()}
        </Button>
        <Button size="sm" onClick={() => onResolve('theirs')}>
          {messages.useTheirs()}
        </Button>
      </div>
    </div>
  )
}

const ConflictSide = ({ cue }: { cue: Conflict['mine'] }) => (
  <span dir="auto" className="min-w-0 break-words">
    {cue ? (
      <>
        <span className="text-muted-foreground tabular-nums">{formatTimecode(cue.startSeconds)}</span>{' '}
        {cue.text}
      </>
    ) : (
      <span className="text-muted-foreground italic">{messages.cueDeleted()}</span>
    )}
  </span>
)
