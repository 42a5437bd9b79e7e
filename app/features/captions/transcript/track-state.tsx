import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { Progress } from '@/app/ui/progress'
import { isUnfinished, taskStateLabel } from '@/app/features/tasks/task-state'
import { describeStart, describeTimeLeft } from '@/app/features/tasks/time-left'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/captions'

/** The progress of a track, its failure, or a note about its quality. Renders nothing if there is none of these. */
export function TrackState({ track, task }: { track?: CaptionDto; task?: TaskDto }) {
  const name = messages.taskName()
  if (task && isUnfinished(task))
    return (
      <Note>
        <div className="flex items-center justify-between gap-3">
          <p data-testid="caption-state" className="tabular-nums">
            {progressMessage(task)} <span className="text-muted-foreground">{messages.canCloseTab()}</span>
          </p>
          <TaskActions task={task} name={name} />
        </div>
        {task.state === 'in_progress' && (
          <Progress value={task.progress} label={messages.captionProgress()} />
        )}
        {track?.isLowAccuracy && <LowAccuracyNote note={track.note} />}
      </Note>
    )
  const state = track?.state ?? task?.state
  if (state === 'failed' || state === 'canceled') {
    const error = track?.error ?? task?.error
    return (
      <Note>
        <div className="flex items-start justify-between gap-3">
          <div>
            <p className={state === 'failed' ? 'font-medium text-destructive' : ''}>
              {state === 'failed'
                ? (error?.message ?? messages.generatingFailed())
                : track && track.cueCount > 0
                  ? messages.canceledKept()
                  : messages.canceled()}
            </p>
            {error?.advice && <p>{error.advice}</p>}
          </div>
          {task && <TaskActions task={task} name={name} />}
        </div>
      </Note>
    )
  }
  if (!track || track.cueCount === 0) return null
  if (track.isLowAccuracy)
    return (
      <Note>
        <LowAccuracyNote note={track.note} />
      </Note>
    )
  return track.note ? <Note>{track.note}</Note> : null
}

const Note = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-col gap-2 border-b px-3.5 py-2 text-sm">{children}</div>
)

const LowAccuracyNote = ({ note }: { note: string | null }) => (
  <p className="flex gap-2">
    <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warning" />
    <span>{note ?? messages.lowAccuracy()}</span>
  </p>
)

function progressMessage(task: TaskDto) {
  const parts =
    task.state === 'queued'
      ? [taskStateLabel(task), describeStart(task)]
      : [task.stage ?? messages.starting(), `${Math.round(task.progress * 100)} %`, describeTimeLeft(task)]
  return `${parts.filter((part) => part !== null).join(' · ')}.`
}
