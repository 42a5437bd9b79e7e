'use client'

import { Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Link } from '@/app/ui/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { resolveSpeechSupport } from '@/app/features/captions/speech-support'
import { Transcript } from '@/app/features/captions/transcript/transcript'
import { useDeleteVideos } from './use-delete-videos'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { Button } from '@/app/ui/button'
import { Progress } from '@/app/ui/progress'
import { formatTimestamp, formatDuration, formatTimeLeft } from '@/app/ui/format'
import { taskStateLabel } from '@/app/features/tasks/task-state'
import { useLive } from '@/app/live/live-provider'
import { NotifyMeButton } from '@/app/features/tasks/notify-me-button'
import { createPlayhead } from '@/app/features/player/playhead'
import type { CaptionDto } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'
import { formatBytes } from '@/lib/text/format-bytes'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { NotReady } from './not-ready'
import { EditableTitle } from './editable-title'
import { VideoAside } from './video-aside'

const Player = dynamic(async () => (await import('@/app/features/player/player')).Player, {
  ssr: false,
  loading: () => <div className="aspect-video rounded-xl bg-black" />,
})

interface InitialRows {
  videos: VideoDto[]
  tasks: TaskDto[]
  captions: CaptionDto[]
}

interface Props {
  id: string
  seed: InitialRows
  /** The configured transcription engine. */
  captionsSetting: Config['CAPTIONS']
}

/** One video: player, transcript, renditions, downloads and tasks. */
export function VideoPage({ id, seed, captionsSetting }: Props) {
  const { videos, tasks, captions } = useLive(seed)
  const { playhead, trackId } = usePlayheadFromUrl()
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
          <NotReady video={video} task={task} />
        )}
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0 grow basis-60">
            <EditableTitle video={video} />
            <p className="text-sm text-muted-foreground tabular-nums">
              <span data-testid="video-state">
                {task ? taskStateLabel(task) : taskStateLabel({ state: video.state, position: null })}
                {task?.state === 'in_progress' &&
                  ` · ${Math.round(task.progress * 100)} %${task.etaSeconds === null ? '' : ` · ${formatTimeLeft(task.etaSeconds)}`}`}
              </span>
              {videoFacts(video).map((fact) => ` · ${fact}`)}
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
              You can close this tab. Processing continues in the background.
              <NotifyMeButton tasks={[task]} />
            </p>
          </div>
        )}
        {video.missingSeconds !== null && (
          <p role="status" className="rounded-md border border-warning/50 px-4 py-3 text-sm">
            <span className="font-medium text-warning">The file ends early.</span> The last{' '}
            {formatDuration(video.missingSeconds)} are missing; everything before plays. Upload the complete
            file to get the rest.
          </p>
        )}
      </div>
      {/* Matches the height of the column beside it and scrolls inside. */}
      <div className="relative min-w-0 lg:min-h-80">
        <Transcript
          videoId={id}
          tracks={tracks}
          tasks={own}
          speechSupport={resolveSpeechSupport(captionsSetting, tracks)}
          playhead={playhead}
          requestedTrackId={trackId}
        />
      </div>
      <VideoAside video={video} tasks={own.toReversed()} task={task} />
    </div>
  )
}

/** Follows the position and caption track in the URL (`?t=12.3&track=ID`). */
function usePlayheadFromUrl() {
  const params = useSearchParams()
  const [t, track] = [params.get('t'), params.get('track') ?? undefined]
  const seconds = t === null ? Number.NaN : Number(t)
  const [playhead] = useState(() => createPlayhead(seconds > 0 ? seconds : 0))
  const [trackId, setTrackId] = useState(track)
  useEffect(() => {
    if (!(seconds >= 0)) return
    playhead.seek(seconds)
    setTrackId(track)
    // Cleared so that following the same link again is a change.
    window.history.replaceState(null, '', window.location.pathname)
  }, [playhead, seconds, track])
  return { playhead, trackId }
}

const videoFacts = (video: VideoDto) => [
  ...(video.durationSeconds === null ? [] : [formatTimestamp(video.durationSeconds)]),
  ...(video.width && video.height ? [`${video.width} × ${video.height}`] : []),
  formatBytes(video.sizeBytes),
]
