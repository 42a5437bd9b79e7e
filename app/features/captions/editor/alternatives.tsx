import { Sparkles } from 'lucide-react'
import { Button } from '@/app/ui/button'
import type { CueDto } from '@/lib/captions/schema'

interface Props {
  cues: readonly CueDto[]
  selectedId: string | undefined
  onSelect(id: string): void
}

/** A new transcription heard something else where a person has written: how often, and the way to each. */
export function Alternatives({ cues, selectedId, onSelect }: Props) {
  const other = cues.filter(({ alternative }) => alternative !== null)
  if (other.length === 0) return null
  const next = other[(other.findIndex(({ id }) => id === selectedId) + 1) % other.length]!
  return (
    <div className="flex items-center gap-2 border-b px-3.5 py-2 text-sm">
      <Sparkles aria-hidden className="size-3.5 shrink-0 text-warning" />
      <p className="grow">
        A new transcription heard something else in {other.length === 1 ? 'one cue' : `${other.length} cues`}{' '}
        that you wrote. Yours is kept.
      </p>
      <Button size="sm" onClick={() => onSelect(next.id)}>
        {other.length === 1 ? 'Look' : 'Next'}
      </Button>
    </div>
  )
}
