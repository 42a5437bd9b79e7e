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
  onImportFile(): void
}

/** States why there is no transcript and offers the ways to add one. */
export function EmptyTranscript(props: Props) {
  const { track, task, canTranscribe, onTranscribe, onImportFile } = props
  const isGenerating = task !== undefined && isUnfinished(task)
  // After a failure, TrackState above offers the retry.
  const canGenerate =
    canTranscribe && !track && (!task || (task.state === 'done' && noCaptionsReason(task) === null))
  return (
    <div className="grid grow place-items-center p-6 text-center text-muted-foreground">
      <div className="flex max-w-64 flex-col items-center gap-3">
        <Captions aria-hidden className="size-6" />
        <p>{emptyMessage(props)}</p>
        {!isGenerating && (
          <div className="flex flex-wrap justify-center gap-2 text-foreground">
            {canGenerate && (
              <Button size="sm" onClick={onTranscribe}>
                Generate captions
              </Button>
            )}
            <Button size="sm" onClick={onImportFile}>
              Import subtitle file
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

function emptyMessage({ track, task, canTranscribe }: Pick<Props, 'track' | 'task' | 'canTranscribe'>) {
  if (task?.state === 'queued') return 'The transcript appears here once it is ready.'
  if (task?.state === 'in_progress') return 'The first lines appear here as they are transcribed.'
  if (task && task.state !== 'done') return 'No captions. You can import a subtitle file at any time.'
  if (track) return track.note ?? 'This track has no cues yet.'
  if (task) return noCaptionsReason(task) ?? 'No captions.'
  return canTranscribe
    ? 'No captions yet.'
    : 'Captions are turned off on this server. You can import a subtitle file.'
}

/** Returns why a finished task created no track, such as a video without audio, or null. */
function noCaptionsReason({ result }: TaskDto) {
  const reason = (result as { reason?: unknown } | null)?.reason
  return typeof reason === 'string' ? reason : null
}
