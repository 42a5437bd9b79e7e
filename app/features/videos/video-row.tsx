import { AudioLines, Film } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { memo } from 'react'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { languageName } from '@/lib/videos/languages'
import { RenditionSummary } from './rendition-summary'
import { TaskActions } from '../tasks/task-actions'
import { Button } from '@/app/ui/button'
import { Progress } from '@/app/ui/progress'
import { formatTimestamp, formatTimeLeft } from '@/app/ui/format'
import { taskStateLabels, taskStateLabel } from '@/app/features/tasks/task-state'
import { RelativeTime } from '@/app/ui/relative-time'

interface Props {
  video: VideoDto
  task?: TaskDto
  /** The running task that generates its captions. */
  captionTask?: TaskDto
  isSelected?: boolean
  /** Makes the row selectable. Must be a stable function, or every row re-renders. */
  onToggle?(id: string): void
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
  return (
    <li className={`group flex flex-col gap-2 px-3 py-2.5 sm:px-4 ${isSelected ? 'bg-primary/5' : ''}`}>
      <div className="flex items-center gap-3 sm:gap-4">
        {onToggle && (
          <input
            type="checkbox"
            aria-label={`Select ${video.title}`}
            checked={isSelected}
            onChange={() => onToggle(video.id)}
            className="size-4 shrink-0 accent-primary max-sm:hidden"
          />
        )}
        <Poster video={video} />
        <div className="min-w-0 grow">
          <Link
            href={`/videos/${video.id}`}
            data-row={video.id}
            className="block truncate rounded-sm font-medium hover:underline"
          >
            {video.title}
          </Link>
          <p className="line-clamp-2 text-sm text-muted-foreground tabular-nums sm:line-clamp-1">
            <VideoStatus video={video} task={task} />
            {state !== 'failed' && captionsSummary(video, captionTask)}
          </p>
        </div>
        {task && <TaskActions task={task} name={video.title} />}
        {video.isPlayable && (
          <Button asChild size="sm" className="max-sm:hidden">
            <Link href={`/videos/${video.id}`} aria-label={`Watch ${video.title}`}>
              Watch
            </Link>
          </Button>
        )}
      </div>
      {task && state === 'in_progress' && (
        <div className="flex flex-col gap-1.5">
          <Progress value={task.progress} label={`Progress of ${video.title}`} />
          <RenditionSummary video={video} task={task} />
        </div>
      )}
    </li>
  )
})

/** Lists the languages of finished captions and the progress of a running transcription. */
function captionsSummary({ captions }: VideoDto, captionTask?: TaskDto) {
  const languages = [
    ...new Set(
      captions
        .filter((track) => track.state === 'done' && track.cueCount > 0 && track.language !== 'und')
        .map((track) => languageName(track.language)),
    ),
  ]
  const finished =
    languages.length === 0 ? '' : ` · captions in ${new Intl.ListFormat('en').format(languages)}`
  if (captionTask?.state !== 'in_progress') return finished
  return `${finished} · ${captionTask.stage ?? 'Transcribing'} · ${Math.round(captionTask.progress * 100)} %`
}

function Poster({ video }: { video: VideoDto }) {
  const Icon = video.hasVideo === false ? AudioLines : Film
  return (
    <Link
      href={`/videos/${video.id}`}
      tabIndex={-1}
      aria-hidden
      className="relative grid aspect-video w-24 shrink-0 place-items-center overflow-hidden rounded-md bg-muted text-muted-foreground sm:w-28"
    >
      {video.urls.poster ? (
        <img src={video.urls.poster} alt="" loading="lazy" className="size-full object-cover" />
      ) : (
        <Icon className="size-5" />
      )}
      {video.durationSeconds !== null && (
        <span className="absolute right-1 bottom-1 rounded bg-black/75 px-1 text-xs text-white tabular-nums">
          {formatTimestamp(video.durationSeconds)}
        </span>
      )}
    </Link>
  )
}

function VideoStatus({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const state = task?.state ?? video.state
  if (state === 'failed')
    return (
      <span className="text-destructive">
        {task?.error?.message ?? video.error?.message ?? taskStateLabels.failed}
      </span>
    )
  if (state === 'done')
    return (
      <>
        Done{video.height && ` · ${video.width} × ${video.height}`} ·{' '}
        <RelativeTime at={video.finishedAt ?? video.createdAt} />
      </>
    )
  if (state !== 'in_progress' || !task) return <>{taskStateLabel(task ?? { state, position: null })}</>
  const left = task.etaSeconds === null ? '' : ` · ${formatTimeLeft(task.etaSeconds)}`
  return (
    <>
      {task.stage ?? taskStateLabels.in_progress} · {Math.round(task.progress * 100)} %{left}
    </>
  )
}
