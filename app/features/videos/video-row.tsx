import { memo } from 'react'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { hasKnownProgress } from '@/app/features/tasks/time-left'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Link } from '@/app/ui/link'
import { Progress } from '@/app/ui/progress'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import { listVideoCurlActions } from './list-video-curl-actions'
import { LazyDuplicateNotice } from './lazy-duplicate-notice'
import { Poster } from './poster/poster'
import { RenditionSummary } from './rendition-summary'
import { captionsSummary, uploadProgress, VideoStatus } from './video-status'

interface Props {
  video: VideoDto
  task?: TaskDto
  /** The running task that generates its captions. */
  captionTask?: TaskDto
  isSelected?: boolean
  /** Makes the row selectable. Must be a stable function, or every row re-renders. */
  onToggle?(id: string, isRange: boolean): void
}

/** One video in a list, with its state and progress. */
export const VideoRow = memo(function VideoRow({
  video,
  task,
  captionTask,
  isSelected = false,
  onToggle,
}: Props) {
  const state = task?.state ?? video.state
  const isTrashed = video.deletedAt !== null
  return (
    <li className={`group flex flex-col gap-2 px-3 py-2.5 sm:px-4 ${isSelected ? 'bg-primary/5' : ''}`}>
      <div className="flex items-center gap-3 sm:gap-4">
        {onToggle && (
          <input
            type="checkbox"
            aria-label={messages.select({ title: video.title })}
            checked={isSelected}
            onChange={(event) => onToggle(video.id, (event.nativeEvent as MouseEvent).shiftKey)}
            className="size-4 shrink-0 accent-primary max-sm:size-5"
          />
        )}
        <Poster video={video} />
        <div className="min-w-0 grow">
          <Link
            href={`/videos/${video.id}`}
            data-row={video.id}
            dir="auto"
            className="block truncate rounded-sm font-medium hover:underline"
          >
            {video.title}
          </Link>
          <p className="line-clamp-2 text-sm text-muted-foreground tabular-nums sm:line-clamp-1">
            <VideoStatus video={video} task={task} />
            {state !== 'failed' && !isTrashed && captionsSummary(video, captionTask)}
            {video.tags.map((tag) => ` · #${tag}`)}
          </p>
        </div>
        {task && !isTrashed && <TaskActions task={task} name={video.title} />}
        <CopyAsCurl actions={listVideoCurlActions(video, task)} rowName={video.title} />
        {video.isPlayable && !isTrashed && (
          <Button asChild size="sm" className="max-sm:hidden">
            <Link href={`/videos/${video.id}`} aria-label={messages.watchTitle({ title: video.title })}>
              {messages.watch()}
            </Link>
          </Button>
        )}
      </div>
      {video.duplicateOfId && !isTrashed && <LazyDuplicateNotice video={video} />}
      {video.upload && (
        <Progress value={uploadProgress(video.upload)} label={messages.received({ title: video.title })} />
      )}
      {task && state === 'in_progress' && (
        <div className="flex flex-col gap-1.5">
          {hasKnownProgress(task) && (
            <Progress value={task.progress} label={messages.progress({ name: video.title })} />
          )}
          <RenditionSummary video={video} task={task} />
        </div>
      )}
    </li>
  )
})
