import { taskStateLabel } from '@/app/features/tasks/task-state'
import { describeStart } from '@/app/features/tasks/time-left'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'

/** Shown instead of the player while the video cannot be played, with the reason. */
export function NotReady({ video, task }: { video: VideoDto; task?: TaskDto }) {
  return (
    <div
      className="grid aspect-video place-items-center rounded-xl border bg-muted bg-cover bg-center p-6 text-center text-muted-foreground"
      style={video.urls.poster ? { backgroundImage: `url(${video.urls.poster})` } : undefined}
    >
      {task?.state === 'failed' || task?.state === 'canceled' ? (
        <div className="max-w-md">
          <p className="font-medium text-destructive">{task.error?.message ?? taskStateLabel(task)}</p>
          <p className="text-balance">{task.error?.advice}</p>
        </div>
      ) : (
        <p className="rounded-md bg-background/90 px-4 py-2">
          {task?.state === 'queued' && task.position
            ? [taskStateLabel(task), describeStart(task) ?? messages.startsAutomatically()].join(' · ')
            : messages.preparing()}
        </p>
      )}
    </div>
  )
}
