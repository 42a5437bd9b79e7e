import { SkipBack, SkipForward } from 'lucide-react'
import { Button } from '@/app/ui/button'
import * as messages from '@/lib/generated/messages/playlists'

interface Props {
  /** Undefined for the first video. */
  previousId?: string
  /** Undefined for the last one. */
  nextId?: string
  onOpen(videoId: string): void
}

/** Open the previous and the next video of a playlist. */
export const StepButtons = ({ previousId, nextId, onOpen }: Props) => (
  <div className="flex shrink-0 gap-2">
    <Button size="sm" disabled={!previousId} onClick={() => previousId && onOpen(previousId)}>
      <SkipBack className="size-4 rtl:-scale-x-100" aria-hidden />
      {messages.previous()}
    </Button>
    <Button size="sm" disabled={!nextId} onClick={() => nextId && onOpen(nextId)}>
      {messages.next()}
      <SkipForward className="size-4 rtl:-scale-x-100" aria-hidden />
    </Button>
  </div>
)
