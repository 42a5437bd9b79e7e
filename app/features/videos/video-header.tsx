'use client'

import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { NotifyMeButton } from '@/app/features/tasks/notify-me-button'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { taskStateLabel } from '@/app/features/tasks/task-state'
import {
  describeProgress,
  describeStart,
  describeTimeLeft,
  hasKnownProgress,
} from '@/app/features/tasks/time-left'
import { useLiveStore } from '@/app/live/live-provider'
import type { Playhead } from '@/app/features/player/playhead'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { formatTimestamp } from '@/app/ui/format'
import { Progress } from '@/app/ui/progress'
import type { TaskDto } from '@/lib/tasks/schema'
import { formatBytes } from '@/lib/text/format-bytes'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'
import { ExportButton } from '@/app/features/archives/export-button'
import { AddToPlaylistButton } from '@/app/features/playlists/add-to-playlist-button'
import { ShareButton } from '@/app/features/shares/share-button'
import { EditMenu } from './editing/edit-menu'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/videos'
import { listVideoCurlActions } from './list-video-curl-actions'
import { EditableTitle } from './editable-title'
import { describeUpload, uploadProgress } from './video-status'

interface Props {
  video: VideoDto
  trim: VideoDetailsDto['trim']
  task?: TaskDto
  playhead: Playhead
}

/** The title, state, actions and progress of a video. */
export function VideoHeader({ video, trim, task, playhead }: Props) {
  const router = useRouter()
  const store = useLiveStore()
  async function remove() {
    const { deleteVideos } = await import('./bulk/delete-videos')
    router.push('/videos')
    await deleteVideos(store, [video])
  }
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 grow basis-60">
          <EditableTitle video={video} />
          <p className="text-sm text-muted-foreground tabular-nums">
            <span data-testid="video-state">
              {describeUpload(video) ?? taskStateLabel(task ?? { state: video.state, position: null })}
              {task && timeFacts(task).map((fact) => ` · ${fact}`)}
            </span>
            {videoFacts(video).map((fact) => ` · ${fact}`)}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <ShareButton videoId={video.id} playhead={playhead} />
          {video.sha256 && <EditMenu video={video} trim={trim} playhead={playhead} />}
          {video.sha256 && <ExportButton videoIds={[video.id]} />}
          <AddToPlaylistButton videoIds={[video.id]} />
          {task && <TaskActions task={task} name={video.title} />}
          <Button variant="destructive" size="sm" onClick={() => void remove()}>
            <Trash2 className="size-4" />
            {commonMessages.delete()}
          </Button>
          <CopyAsCurl actions={listVideoCurlActions(video, task)} />
        </div>
      </div>
      {video.upload && (
        <div className="flex flex-col gap-2">
          <Progress value={uploadProgress(video.upload)} label={messages.received({ title: video.title })} />
          <p className="text-sm text-muted-foreground">{messages.keepTabOpen()}</p>
        </div>
      )}
      {task?.state === 'in_progress' && (
        <div className="flex flex-col gap-2">
          {hasKnownProgress(task) && (
            <Progress value={task.progress} label={messages.progress({ name: video.title })} />
          )}
          <p className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted-foreground">
            {messages.closeTab()}
            <NotifyMeButton tasks={[task]} />
          </p>
        </div>
      )}
    </>
  )
}

const timeFacts = (task: TaskDto) =>
  task.state === 'in_progress'
    ? [describeProgress(task), ...(describeTimeLeft(task) ? [describeTimeLeft(task)] : [])]
    : describeStart(task)
      ? [describeStart(task)]
      : []

const videoFacts = (video: VideoDto) => [
  ...(video.durationSeconds === null ? [] : [formatTimestamp(video.durationSeconds)]),
  ...(video.width && video.height ? [`${video.width} × ${video.height}`] : []),
  // While it is imported, the progress says it.
  ...(video.sha256 === null && !video.upload ? [] : [formatBytes(video.sizeBytes)]),
]
