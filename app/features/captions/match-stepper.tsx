import { ChevronDown, ChevronUp } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { StateAnnouncement } from '@/app/ui/state-announcement'
import * as messages from '@/lib/generated/messages/captions'

interface Props {
  /** The number of matches, or null without a query. */
  count: number | null
  /** Of the current match, from 0. */
  index: number
  onStep(offset: 1 | -1): void
}

/** States which of the matches of a search is current, and steps through them. */
export function MatchStepper({ count, index, onStep }: Props) {
  const found = count ? messages.matchPosition({ index: index + 1, count }) : messages.noResults()
  const position = count === null ? '' : found
  return (
    <>
      <span className="px-1 text-sm whitespace-nowrap text-muted-foreground tabular-nums">{position}</span>
      <StateAnnouncement text={position} />
      <Button
        size="sm"
        variant="ghost"
        aria-label={messages.previousMatch()}
        disabled={!count}
        onClick={() => onStep(-1)}
      >
        <ChevronUp className="size-4" />
      </Button>
      <Button
        size="sm"
        variant="ghost"
        aria-label={messages.nextMatch()}
        disabled={!count}
        onClick={() => onStep(1)}
      >
        <ChevronDown className="size-4" />
      </Button>
    </>
  )
}
