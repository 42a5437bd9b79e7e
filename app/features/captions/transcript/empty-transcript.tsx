import { Captions } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { isUnfinished } from '@/app/features/tasks/task-state'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'

interface Props {
  track?: CaptionDto
  task?: TaskDto
  canTranscribe: boolean
  onTranscribe(): void
  onAddFile(): void
}

/** Where the lines will be: why there are none. */
export function EmptyTranscript({
  track,
  task,
  canTranscribe: canListen,
  onTranscribe: onMake,
  onAddFile,
}: Props) {
  const isMade = task !== undefined && isUnfinished(task)
  // Trying again stands above, with why it failed.
  const canMake = canListen && !track && (!task || task.state === 'done')
  return (
    <div className="grid grow place-items-center p-6 text-center text-muted-foreground">
      <div className="flex max-w-64 flex-col items-center gap-3">
        <Captions aria-hidden className="size-6" />
        <p>{emptyMessage({ track, task, canTranscribe: canListen })}</p>
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

function emptyMessage({
  track,
  task,
  canTranscribe: canListen,
}: Pick<Props, 'track' | 'task' | 'canTranscribe'>) {
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
