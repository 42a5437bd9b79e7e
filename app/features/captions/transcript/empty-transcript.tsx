import { Captions } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { isUnfinished } from '@/app/features/tasks/task-state'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/captions'

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
                {messages.generate()}
              </Button>
            )}
            <Button size="sm" onClick={onImportFile}>
              {messages.importFile()}
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

function emptyMessage({ track, task, canTranscribe }: Pick<Props, 'track' | 'task' | 'canTranscribe'>) {
  if (task?.state === 'queued') return messages.emptyQueued()
  if (task?.state === 'in_progress') return messages.emptyRunning()
  if (task && task.state !== 'done') return messages.emptyFailed()
  if (track) return track.note ?? messages.emptyTrack()
  if (task) return noCaptionsReason(task) ?? messages.emptyDone()
  return canTranscribe ? messages.emptyNew() : messages.emptyTurnedOff()
}

/** Returns why a finished task created no track, such as a video without audio, or null. */
function noCaptionsReason({ result }: TaskDto) {
  const reason = (result as { reason?: unknown } | null)?.reason
  return typeof reason === 'string' ? reason : null
}
