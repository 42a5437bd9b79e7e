import { Button } from '@/app/components/ui/button'
import { momentText } from './moments'
import type { Clash } from './rebase'

const SHOWN = 4

/** What was changed here and elsewhere, each its own way. Nothing is stored until it is chosen. */
export function ClashChoice({
  clashes,
  onChoose,
}: {
  clashes: readonly Clash[]
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
        {clashes.slice(0, SHOWN).map(({ id, mine, theirs }) => (
          <li key={id} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2">
            <span className="text-muted-foreground">Here</span>
            <Side cue={mine} />
            <span className="text-muted-foreground">There</span>
            <Side cue={theirs} />
          </li>
        ))}
      </ul>
      {clashes.length > SHOWN && <p>And {clashes.length - SHOWN} more.</p>}
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

const Side = ({ cue }: { cue: Clash['mine'] }) => (
  <span className="min-w-0 break-words">
    {cue ? (
      <>
        <span className="text-muted-foreground tabular-nums">{momentText(cue.startSeconds)}</span> {cue.text}
      </>
    ) : (
      <span className="text-muted-foreground italic">deleted</span>
    )}
  </span>
)
