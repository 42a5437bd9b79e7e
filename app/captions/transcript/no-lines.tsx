import { Captions } from 'lucide-react'
import { Button } from '@/app/components/ui/button'
import { isOpen } from '@/app/components/words'
import type { CaptionDto } from '@/lib/captions/contract'
import type { TaskDto } from '@/lib/tasks/contract'

interface Given {
  track?: CaptionDto
  task?: TaskDto
  canListen: boolean
  onMake(): void
  onAddFile(): void
}

/** Where the lines will be: why there are none. */
export function NoLines({ track, task, canListen, onMake, onAddFile }: Given) {
  const isMade = task !== undefined && isOpen(task)
  // Trying again stands above, with why it failed.
  const canMake = canListen && !track && (!task || task.state === 'done')
  return (
    <div className="grid grow place-items-center p-6 text-center text-muted-foreground">
      <div className="flex max-w-64 flex-col items-center gap-3">
        <Captions aria-hidden className="size-6" />
        <p>{emptyText({ track, task, canListen })}</p>
        {!isMade && (
          <div className="flex flex-wrap justify-center gap-2 text-foreground">
            {canMake && (
              <Button size="sm" onClick={onMake}>
                Make captions
              </Button>
            )}
            <Button size="sm" onClick={onAddFile}>
              Add a subtitle file
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

function emptyText({ track, task, canListen }: Pick<Given, 'track' | 'task' | 'canListen'>) {
  if (task?.state === 'queued') return 'What is said appears here by itself.'
  if (task?.state === 'in_progress') return 'The first words appear here as soon as they are heard.'
  if (task && task.state !== 'done')
    return 'There are no words yet. A subtitle file can be added at any time.'
  if (track) return track.note ?? 'There are no words in this track yet.'
  const reason = (task?.result as { reason?: unknown } | null | undefined)?.reason
  if (typeof reason === 'string') return reason
  if (task) return 'There are no captions.'
  return canListen
    ? 'Nobody has listened to this video yet.'
    : 'This server does not listen to videos. Subtitles can be added as a file.'
}
