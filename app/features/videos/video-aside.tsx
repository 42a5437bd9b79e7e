import { DownloadList } from './download-list'
import { MetadataList } from './metadata-list'
import { RenditionList } from './rendition-list'
import { Link } from '@/app/ui/link'
import { Section } from '@/app/ui/section'
import { TaskList } from '@/app/features/tasks/task-list'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoMetadata } from '@/lib/videos/media-info'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'

interface Props {
  video: VideoDto
  metadata: VideoMetadata
  tasks: TaskDto[]
}

/** Below the player: renditions, downloads, tasks and metadata. */
export function VideoAside({ video, metadata, tasks }: Props) {
  const hasMetadata = Object.values(metadata).some((value) => value !== null)
  return (
    <aside
      aria-label={messages.details()}
      className="grid items-start gap-6 sm:grid-cols-2 lg:col-span-2 lg:grid-cols-3"
    >
      {video.renditions.length > 0 && (
        <Section
          title={messages.renditions()}
          aside={
            <Link href={`/videos/${video.id}/proof-sheet`} className="text-sm underline underline-offset-4">
              {messages.proofSheet()}
            </Link>
          }
        >
          <RenditionList video={video} tasks={tasks} />
        </Section>
      )}
      <Section title={messages.downloads()}>
        <DownloadList video={video} tasks={tasks} />
      </Section>
      <Section title={messages.tasks()}>
        <TaskList tasks={tasks} />
      </Section>
      {hasMetadata && (
        <div className="sm:col-span-full">
          <Section title={messages.metadata()}>
            <MetadataList metadata={metadata} />
          </Section>
        </div>
      )}
    </aside>
  )
}
