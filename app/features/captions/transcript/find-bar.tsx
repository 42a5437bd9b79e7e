import { Search } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { Input } from '@/app/ui/input'
import * as messages from '@/lib/generated/messages/captions'
import { MatchStepper } from '../match-stepper'

interface Props {
  query: string
  count: number
  matchIndex: number
  onQuery(query: string): void
  onStep(offset: 1 | -1): void
}

/** Searches the transcript. Enter goes to the next match, Shift+Enter to the previous one. */
export function FindBar({ query, count, matchIndex, onQuery, onStep }: Props) {
  function handleKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && query) onQuery('')
    else if (event.key !== 'Enter') return
    else onStep(event.shiftKey ? -1 : 1)
    event.preventDefault()
  }
  return (
    <div className="flex items-center gap-1 border-b px-2 py-1.5">
      <div className="relative grow">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 start-2.5 size-3.5 -translate-y-1/2 text-muted-foreground"
        />
        <Input
          type="search"
          aria-label={messages.searchTranscript()}
          placeholder={messages.searchTranscript()}
          className="h-8! border-transparent bg-transparent! ps-8 max-sm:h-10!"
          value={query}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={handleKeyDown}
        />
      </div>
      {query.trim() !== '' && <MatchStepper count={count} index={matchIndex} onStep={onStep} />}
    </div>
  )
}
