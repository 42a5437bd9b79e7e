import { Sparkles } from 'lucide-react'
import { Button } from '@/app/ui/button'
import type { CueDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/caption-editor'

interface Props {
  cues: readonly CueDto[]
  selectedId: string | undefined
  onSelect(id: string): void
}

/** Counts the edited cues that differ in a new transcription, and steps through them. */
export function Alternatives({ cues, selectedId, onSelect }: Props) {
  const differing = cues.filter(({ alternative }) => alternative !== null)
  if (differing.length === 0) return null
  const next = differing[(differing.findIndex(({ id }) => id === selectedId) + 1) % differing.length]!
  return (
    <div className="flex items-center gap-2 border-b px-3.5 py-2 text-sm">
      <Sparkles aria-hidden className="size-3.5 shrink-0 text-warning" />
      <p className="grow">{messages.alternatives({ count: differing.length })}</p>
      <Button size="sm" onClick={() => onSelect(next.id)}>
        {messages.review({ count: differing.length })}
      </Button>
    </div>
  )
}
