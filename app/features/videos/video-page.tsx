'use client'

import { type ReactNode, useState } from 'react'
import type { SpeechSupport } from '@/app/features/captions/speech-support'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { Transcript } from '@/app/features/captions/transcript/transcript'
import { useLive } from '@/app/live/live-provider'
import { Button } from '@/app/ui/button'
import { loadLater } from '@/app/ui/load-later'
import { DeletedNotice } from '@/app/ui/deleted-notice'
import { formatTimestamp } from '@/app/ui/format'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import * as actionMessages from '@/lib/generated/messages/actions'
import * as messages from '@/lib/generated/messages/videos'
import { DamageNotice } from './damage-notice'
import { LazyDuplicateNotice } from './lazy-duplicate-notice'
import { NotReady } from './not-ready'
import { isPosterTask, isReplaceTask, isTrimTask } from './notice-tasks'
import { usePlayheadFromUrl } from './use-playhead-from-url'
import { useVideoDetails } from './use-video-details'
import { VideoAside } from './video-aside'
import { VideoHeader } from './video-header'

const TrashedNotice = loadLater(async () => (await import('./trashed-notice')).TrashedNotice)

const PosterNotice = loadLater(async () => (await import('./poster/poster-notice')).PosterNotice)
const ReplacementNotice = loadLater(
  async () => (await import('./editing/replacement-notice')).ReplacementNotice,
)
const TrimNotice = loadLater(async () => (await import('./trim/trim-notice')).TrimNotice)
const ChapterList = loadLater(async () => (await import('./chapter-list')).ChapterList)
const ChapterEditor = loadLater(async () => (await import('./chapters/chapter-editor')).ChapterEditor)

interface InitialRows {
  videos: [VideoDetailsDto]
  tasks: TaskDto[]
  captions: CaptionDto[]
}

interface Props {
  id: string
  seed: InitialRows
  speechSupport: SpeechSupport
  /** What its owner says about it. */
  details: ReactNode
}

/** One video: player, transcript, renditions, downloads and tasks. */
export function VideoPage({ id, seed, speechSupport, details }: Props) {
  const { videos, trashedVideos, tasks, captions } = useLive(seed)
  const { playhead, trackId } = usePlayheadFromUrl()
  const video = videos.find((one) => one.id === id)
  const [isEditing, setEditing] = useState(false)
  const { chapters, metadata, trim, edited, setEdited } = useVideoDetails(seed.videos[0], video)
  const trashed = trashedVideos.find((one) => one.id === id)
  if (trashed) return <TrashedNotice video={trashed} />
  if (!video)
    return <DeletedNotice message={messages.deleted()} href="/videos" linkText={messages.allVideos()} />
  const own = tasks.filter((task) => task.videoId === id)
  const tracks = captions.filter((track) => track.videoId === id).toReversed()
  const task = own.find((one) => one.id === video.taskId)
  return (
    <div className="grid gap-x-6 gap-y-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {video.isPlayable ? (
          // Its seek bar reads the chapters once, and it continues at the playhead.
          <LazyPlayer
            key={JSON.stringify([video.sha256, edited])}
            video={video}
            captions={tracks}
            chapters={chapters}
            playhead={playhead}
          />
        ) : (
          <NotReady video={video} task={task} />
        )}
        <VideoHeader video={video} trim={trim} task={task} playhead={playhead} />
        {(trim || own.some(isTrimTask)) && <TrimNotice video={video} trim={trim} tasks={own} />}
        {own.some(isPosterTask) && <PosterNotice tasks={own} />}
        {own.some(isReplaceTask) && <ReplacementNotice video={video} tasks={tasks} />}
        {video.duplicateOfId && <LazyDuplicateNotice video={video} />}
        {details}
        {video.missingSeconds !== null && (
          <p role="status" className="rounded-md border border-warning/50 px-4 py-3 text-sm">
            {messages.recovered({
              start: formatTimestamp(0),
              end: formatTimestamp(video.durationSeconds ?? 0),
              total: formatTimestamp((video.durationSeconds ?? 0) + video.missingSeconds),
              emphasis: (children) => <span className="font-medium text-warning">{children}</span>,
            })}
          </p>
        )}
        {video.damage.length > 0 && <DamageNotice damage={video.damage} />}
        {video.leftOut.length > 0 && (
          <p role="status" className="rounded-md border border-warning/50 px-4 py-3 text-sm">
            <span className="font-medium text-warning">{messages.leftOut()}</span> {video.leftOut.join(' ')}
          </p>
        )}
        {chapters.length > 0 ? (
          <ChapterList chapters={chapters} playhead={playhead} onEdit={() => setEditing(true)} />
        ) : (
          video.durationSeconds !== null &&
          !video.upload && (
            <Button size="sm" variant="ghost" className="-ms-2.5 self-start" onClick={() => setEditing(true)}>
              {actionMessages.addChapters()}
            </Button>
          )
        )}
        {isEditing && (
          <ChapterEditor
            video={video}
            chapters={chapters}
            playhead={playhead}
            onSave={setEdited}
            onClose={() => setEditing(false)}
          />
        )}
      </div>
      {/* Matches the height of the column beside it and scrolls inside. */}
      <div className="relative min-w-0 lg:min-h-80">
        <Transcript
          videoId={id}
          tracks={tracks}
          tasks={own}
          speechSupport={speechSupport}
          playhead={playhead}
          requestedTrackId={trackId}
        />
      </div>
      <VideoAside video={video} metadata={metadata} tasks={own.toReversed()} />
    </div>
  )
}
