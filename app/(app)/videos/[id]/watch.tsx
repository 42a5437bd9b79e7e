'use client'

import { Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Link } from '@/app/components/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { listenerOf } from '@/app/captions/listener'
import { Transcript } from '@/app/captions/transcript/transcript'
import { useDeleteVideos } from '@/app/components/delete-videos'
import { TaskActions } from '@/app/components/task-actions'
import { Button } from '@/app/components/ui/button'
import { Progress } from '@/app/components/ui/progress'
import { clockText, durationText, stateText, timeLeftText } from '@/app/components/words'
import { useLive } from '@/app/live/live'
import { NotifyMe } from '@/app/live/notify-me'
import { createPlayhead } from '@/app/player/playhead'
import type { CaptionDto } from '@/lib/captions/contract'
import type { Config } from '@/lib/config'
import { sizeText } from '@/lib/sizes'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { NotYet } from './not-yet'
import { Title } from './title'
import { WatchAside } from './watch-aside'

const Player = dynamic(async () => (await import('@/app/player/player')).Player, {
  ssr: false,
  loading: () => <div className="aspect-video rounded-xl bg-black" />,
})

interface WatchSeed {
  videos: VideoDto[]
  tasks: TaskDto[]
  captions: CaptionDto[]
}

interface Given {
  id: string
  seed: WatchSeed
  /** What listens to videos here. */
  listening: Config['CAPTIONS']
}

/** One video: the player, what is said, how far its renditions are, downloads, and the work that was done on it. */
export function Watch({ id, seed, listening }: Given) {
  const { videos, tasks, captions } = useLive(seed)
  const { playhead, trackId } = useMoment()
  const router = useRouter()
  const deleteVideos = useDeleteVideos()
  const video = videos.find((one) => one.id === id)
  if (!video)
    return (
      <p className="py-20 text-center text-muted-foreground">
        This video was deleted.{' '}
        <Link className="underline" href="/videos">
          All videos
        </Link>
      </p>
    )
  const own = tasks.filter((task) => task.videoId === id)
  const tracks = captions.filter((track) => track.videoId === id).toReversed()
  const task = own.find((one) => one.id === video.taskId)
  return (
    <div className="grid gap-x-6 gap-y-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {video.isPlayable ? (
          <Player video={video} captions={tracks} playhead={playhead} />
        ) : (
          <NotYet video={video} task={task} />
        )}
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0 grow basis-60">
            <Title video={video} />
            <p className="text-sm text-muted-foreground tabular-nums">
              <span data-testid="video-state">
                {task ? stateText(task) : stateText({ state: video.state, position: null })}
                {task?.state === 'in_progress' &&
                  ` · ${Math.round(task.progress * 100)} %${task.etaSeconds === null ? '' : ` · ${timeLeftText(task.etaSeconds)}`}`}
              </span>
              {factsOf(video).map((fact) => ` · ${fact}`)}
            </p>
          </div>
          <div className="flex gap-2">
            {task && <TaskActions task={task} name={video.title} />}
            <Button
              variant="destructive"
              size="sm"
              onClick={() => (router.push('/videos'), deleteVideos([video]))}
            >
              <Trash2 className="size-4" />
              Delete
            </Button>
          </div>
        </div>
        {task?.state === 'in_progress' && (
          <div className="flex flex-col gap-2">
            <Progress value={task.progress} label={`Progress of ${video.title}`} />
            <p className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted-foreground">
              You can close this tab; the work goes on.
              <NotifyMe tasks={[task]} />
            </p>
          </div>
        )}
        {video.missingSeconds !== null && (
          <p role="status" className="rounded-md border border-warning/50 px-4 py-3 text-sm">
            <span className="font-medium text-warning">The file ends early.</span> The last{' '}
            {durationText(video.missingSeconds)} are missing; what is there can be watched. Upload the whole
            file to have the rest.
          </p>
        )}
      </div>
      {/* As high as what is beside it, and scrolls within. */}
      <div className="relative min-w-0 lg:min-h-80">
        <Transcript
          videoId={id}
          tracks={tracks}
          tasks={own}
          listener={listenerOf(listening, tracks)}
          playhead={playhead}
          wantedId={trackId}
        />
      </div>
      <WatchAside video={video} tasks={own.toReversed()} task={task} />
    </div>
  )
}

/** The moment and the track that the address names (`?t=12.3&track=ID`), now and whenever it names another. */
function useMoment() {
  const params = useSearchParams()
  const [t, track] = [params.get('t'), params.get('track') ?? undefined]
  const seconds = t === null ? Number.NaN : Number(t)
  const [playhead] = useState(() => createPlayhead(seconds > 0 ? seconds : 0))
  const [trackId, setTrackId] = useState(track)
  useEffect(() => {
    if (!(seconds >= 0)) return
    playhead.seek(seconds)
    setTrackId(track)
    // It was taken: to be led to the same moment once more is a change again.
    window.history.replaceState(null, '', window.location.pathname)
  }, [playhead, seconds, track])
  return { playhead, trackId }
}

const factsOf = (video: VideoDto) => [
  ...(video.durationSeconds === null ? [] : [clockText(video.durationSeconds)]),
  ...(video.width && video.height ? [`${video.width} × ${video.height}`] : []),
  sizeText(video.sizeBytes),
]
