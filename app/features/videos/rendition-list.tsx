import { Check } from 'lucide-react'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { Progress } from '@/app/ui/progress'
import { taskStateLabels } from '@/app/features/tasks/task-state'
import * as messages from '@/lib/generated/messages/videos'
import { mergeRenditionProgress } from './renditions'

/** The progress of each rendition, one per row. */
export function RenditionList({ video, tasks }: { video: VideoDto; tasks: readonly TaskDto[] }) {
  return (
    <ul aria-label={messages.renditions()} className="divide-y rounded-xl border bg-card">
      {mergeRenditionProgress(video, tasks).map(
        ({ name, mode, title, isDone, isRunning, endedAs, percent }) => (
          <li key={name} data-rendition={name} className="px-3.5 py-2">
            <div className="flex items-center justify-between gap-3">
              <span>
                {title}
                {mode === 'copy' && (
                  <span className="text-muted-foreground"> · {messages.originalMark()}</span>
                )}
              </span>
              {isDone ? (
                <Check className="size-4 text-primary" aria-label={messages.done()} />
              ) : (
                <span className="text-sm text-muted-foreground tabular-nums">
                  {endedAs ? taskStateLabels[endedAs]() : `${percent} %`}
                </span>
              )}
            </div>
            {!isDone && isRunning && (
              <div className="pt-1.5 pb-0.5">
                <Progress value={percent / 100} label={messages.progress({ name: title })} />
              </div>
            )}
          </li>
        ),
      )}
    </ul>
  )
}
