'use client'

import { Download, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { Button } from '@/app/components/button'
import { Player } from '@/app/components/player'
import { ProgressBar } from '@/app/components/progress-bar'
import { RungStates } from '@/app/components/rung-states'
import { TaskActions } from '@/app/components/task-actions'
import { stateText, timeLeftText } from '@/app/components/words'
import { useLive } from '@/app/live/live'
import { sizeText } from '@/lib/sizes'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'

/** One video: the player, how far its renditions are, downloads, and the work that was done on it. */
export function Watch({ id, seed }: { id: string; seed: { videos: VideoDto[]; tasks: TaskDto[] } }) {
  const { videos, tasks } = useLive(seed)
  const router = useRouter()
  const video = videos.find((one) => one.id === id)
  if (!video)
    return (
      <p className="py-20 text-center text-soft">
        This video was deleted.{' '}
        <Link className="underline" href="/videos">
          All videos
        </Link>
      </p>
    )
  const own = tasks.filter((task) => task.videoId === id)
  const task = own.find((one) => one.id === video.taskId)
  async function remove() {
    if (!window.confirm(`Delete “${video!.title}” and all its files? Nothing can bring it back.`)) return
    const answer = await fetch(`/api/v1/videos/${id}`, { method: 'DELETE' }).catch(() => null)
    if (answer?.ok) router.push('/videos')
    else toast.error('It could not be deleted. Try again.')
  }
  return (
    <div className="flex flex-col gap-6">
      {video.isPlayable ? (
        <Player video={video} />
      ) : (
        <div className="grid aspect-video place-items-center rounded-xl border bg-sunken p-6 text-center text-soft">
          {task?.state === 'failed' ? (
            <div>
              <p className="font-medium text-fail">{task.error?.message}</p>
              <p>{task.error?.advice}</p>
            </div>
          ) : (
            'It can be watched here in a moment.'
          )}
        </div>
      )}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold break-words">{video.title}</h1>
          <p className="text-sm text-soft" data-testid="video-state">
            {task ? stateText(task) : stateText({ state: video.state, position: null })}
            {task?.state === 'in_progress' &&
              task.etaSeconds !== null &&
              ` · ${timeLeftText(task.etaSeconds)} · you can close this tab`}
          </p>
        </div>
        <div className="flex gap-2">
          {task && <TaskActions task={task} name={video.title} />}
          <Button look="danger" size="small" onClick={() => void remove()}>
            <Trash2 className="size-4" />
            Delete
          </Button>
        </div>
      </div>
      {task?.state === 'in_progress' && (
        <ProgressBar value={task.progress} label={`Progress of ${video.title}`} />
      )}
      <RungStates video={video} task={task} />
      <section>
        <h2 className="mb-2 text-sm font-medium text-soft">Downloads</h2>
        <ul className="flex flex-wrap gap-2">
          <li>
            <Button asChild size="small">
              <a href={video.urls.download} download>
                <Download className="size-4" />
                Original · {sizeText(video.sizeBytes)}
              </a>
            </Button>
          </li>
          {video.renditions
            .filter((rendition) => rendition.downloadUrl)
            .map((rendition) => (
              <li key={rendition.name}>
                <Button asChild size="small">
                  <a href={rendition.downloadUrl!} download>
                    <Download className="size-4" />
                    {rendition.name} MP4
                  </a>
                </Button>
              </li>
            ))}
        </ul>
      </section>
      <section>
        <h2 className="mb-2 text-sm font-medium text-soft">Work on it</h2>
        <ul className="divide-y rounded-xl border bg-raised">
          {own.map((one) => (
            <li key={one.id}>
              <Link
                href={`/tasks/${one.id}`}
                className="flex h-10 items-center justify-between gap-4 px-4 hover:bg-sunken"
              >
                <span>{one.label}</span>
                <span className="text-soft">{stateText(one)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
