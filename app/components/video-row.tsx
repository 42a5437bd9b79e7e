import { Film } from 'lucide-react'
import Link from 'next/link'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { ProgressBar } from './progress-bar'
import { RungStates } from './rung-states'
import { TaskActions } from './task-actions'
import { clockText, stateText, timeLeftText } from './words'

/** One video in a list, with what is being done to it right now. */
export function VideoRow({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const state = task?.state ?? video.state
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex items-center gap-4">
        <Link
          href={`/videos/${video.id}`}
          tabIndex={-1}
          aria-hidden
          className="grid aspect-video w-24 shrink-0 place-items-center overflow-hidden rounded-md bg-sunken text-soft"
        >
          {video.urls.poster ? (
            <img src={video.urls.poster} alt="" className="size-full object-cover" />
          ) : (
            <Film className="size-5" />
          )}
        </Link>
        <div className="min-w-0 grow">
          <Link href={`/videos/${video.id}`} className="block truncate font-medium hover:underline">
            {video.title}
          </Link>
          <p className="truncate text-sm text-soft tabular-nums">
            <StateLine video={video} task={task} />
          </p>
        </div>
        {task && <TaskActions task={task} name={video.title} />}
        {video.isPlayable && (
          <Link
            href={`/videos/${video.id}`}
            className="rounded-md border bg-raised px-2.5 py-1 text-sm font-medium hover:bg-sunken"
          >
            Watch
          </Link>
        )}
      </div>
      {task && state === 'in_progress' && (
        <div className="flex flex-col gap-1.5">
          <ProgressBar value={task.progress} label={`Progress of ${video.title}`} />
          <RungStates video={video} task={task} />
        </div>
      )}
    </li>
  )
}

function StateLine({ video, task }: { video: VideoDto; task?: TaskDto }) {
  const state = task?.state ?? video.state
  const length = video.durationSeconds === null ? null : clockText(video.durationSeconds)
  if (state === 'failed')
    return <span className="text-fail">{task?.error?.message ?? video.error?.message ?? 'Failed'}</span>
  if (state === 'done')
    return (
      <>
        Done{length && ` · ${length}`}
        {video.height && ` · ${video.width} × ${video.height}`}
      </>
    )
  if (!task) return <>{stateText({ state, position: null })}</>
  if (state !== 'in_progress') return <>{stateText(task)}</>
  const left = task.etaSeconds === null ? '' : ` · ${timeLeftText(task.etaSeconds)}`
  return (
    <>
      {task.stage ?? 'In progress'} · {Math.round(task.progress * 100)} %{left}
    </>
  )
}
