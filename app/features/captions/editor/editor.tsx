'use client'

import { useLive } from '@/app/live/live-provider'
import { Button } from '@/app/ui/button'
import { DeletedNotice } from '@/app/ui/deleted-notice'
import { Skeleton } from '@/app/ui/skeleton'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/caption-editor'
import { findCaptionTask } from '../caption-task'
import { useInitialCues } from '../use-initial-cues'
import { EditorWorkspace, type WorkspaceProps } from './editor-workspace'

interface Props {
  videoId: string
  captionId: string
  seed: { videos: VideoDto[]; captions: CaptionDto[]; tasks: TaskDto[] }
}

/** The caption editor, or a notice once the track or its video is deleted. */
export function Editor({ videoId, captionId, seed }: Props) {
  const { videos, captions, tasks } = useLive(seed)
  const video = videos.find(({ id }) => id === videoId)
  const caption = captions.find(({ id }) => id === captionId)
  if (!video || !caption)
    return (
      <DeletedNotice
        message={messages.captionsDeleted()}
        href={`/videos/${videoId}`}
        linkText={messages.backToVideo()}
      />
    )
  const videoTasks = tasks.filter((task) => task.videoId === videoId)
  return <EditorLoader video={video} caption={caption} task={findCaptionTask(videoTasks, caption)} />
}

/** Fetches the cues, which are not part of the page because long tracks have megabytes of them. */
function EditorLoader(props: Omit<WorkspaceProps, 'initialCues'>) {
  const { initialCues, hasFailed, retry } = useInitialCues(props.caption.id)
  if (initialCues) return <EditorWorkspace {...props} initialCues={initialCues} />
  if (!hasFailed) return <EditorSkeleton />
  return (
    <div role="alert" className="flex flex-col items-center gap-4 py-20 text-center">
      <p>{messages.captionsNotLoaded()}</p>
      <Button onClick={retry}>{messages.tryAgain()}</Button>
    </div>
  )
}

const EditorSkeleton = () => (
  <div role="status" aria-label={messages.loadingCaptions()} className="flex flex-col gap-4 pt-16">
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,30rem)]">
      <Skeleton className="aspect-video rounded-xl!" />
      <Skeleton className="h-[70vh] rounded-xl!" />
    </div>
  </div>
)
